"""Faults that the checker must find: the portal without one of its safeguards, only in a drill.

Each function patches the application that gunicorn has just made, or its parts.
`tests/drill/mutated.py` applies the one that `DRILL_MUTATION` names.
"""

import time
from threading import Thread
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, text, update

from portal import database
from portal.appointments.booking import statements
from portal.database import db
from portal.models import Slot
from portal.models.base import table_of
from portal.vocabulary import SlotStatus
from portal.web import submissions

LAG = 0.7
"""Seconds between an early acknowledgement and its commit."""

NO_UNIQUE_KEY = "ALTER TABLE appointment DROP INDEX uq_appointment_occupied_slot_id"


def no_submission_key(_: Flask) -> None:
    """A form that is sent twice is processed twice."""
    _patch(submissions, _record=lambda _key, _response: None, _first_answer=lambda _key: None)


def acknowledge_before_commit(_: Flask) -> None:
    """The answer is sent before the commit."""

    def commit_later() -> None:
        session = db.session()
        db.session.registry.clear()

        def commit() -> None:
            time.sleep(LAG)
            session.commit()
            session.close()

        Thread(target=commit, daemon=True).start()

    _patch(db.session, commit=commit_later)


def no_condition(_: Flask) -> None:
    """Everybody who wants a slot gets it. `NO_UNIQUE_KEY` removes the second safeguard, the unique key."""
    slot = table_of(Slot)
    take = update(slot).where(slot.c.id == statements._SLOT).values(status=SlotStatus.BUSY)
    _patch(statements, TAKE=take)


def no_pool_invalidation(_: Flask) -> None:
    """Connections that only the portal recognizes as lost stay in the pool, or enter it."""
    event.remove(Engine, "handle_error", database.recognise_a_lost_connection)
    _patch(database, connect=lambda dialect, parameters: dialect.connect(**parameters))


def health_check_asks_the_database(app: Flask) -> None:
    """Each instance's health check depends on something that all instances share."""

    def live() -> dict[str, str]:
        db.session.execute(text("SELECT 1"))
        return {"status": "live"}

    app.view_functions["health.live"] = live


def _patch(owner: Any, **attributes: Any) -> None:
    for name, value in attributes.items():
        assert hasattr(owner, name), f"{owner} has no {name} to patch"
        setattr(owner, name, value)
