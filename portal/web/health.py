"""`/health/live` for the load balancer, `/health/ready` for people, dashboards and waiting pages."""

import logging
import time
from datetime import timedelta
from threading import Lock

from flask import Blueprint, current_app
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.database import be_patient, db
from portal.errors import Unavailable
from portal.models import WorkerBeat
from portal.web import current
from portal.web.pages import PUBLIC, page

log = logging.getLogger(__name__)

views = Blueprint("health", __name__, url_prefix="/health")

KNOWN_SECONDS = 1.0
"""How long the check of the database is cached, so that a thousand waiting pages cause one query."""

WORKER_SILENT_AFTER = timedelta(minutes=2)

Answers = dict[str, bool | None]


class _Leaving:
    """Whether this instance is about to stop. gunicorn's processes share the flag, a byte."""

    def __init__(self) -> None:
        self.flag = bytearray(1)

    def __bool__(self) -> bool:
        return self.flag[0] != 0


leaving = _Leaving()
"""`gunicorn.conf.py` replaces the flag with shared memory."""


@views.get("/live")
@page(PUBLIC)
def live() -> tuple[dict[str, str], int]:
    """Checks only this process, so that a failing dependency does not take out the whole fleet."""
    return ({"status": "leaving"}, 503) if leaving else ({"status": "live"}, 200)


@views.get("/ready")
@page(PUBLIC, runs_once=True)
def ready() -> tuple[dict[str, object], int]:
    """Each dependency: true, false, or null if unknown because another one is unavailable."""
    answers = _records.look()
    answers["shared_files"] = current_app.extensions["shared_files"].lives
    good = all(answers.values()) and not leaving
    return {"status": "ready" if good else "degraded", **answers}, 200 if good else 503


class _Records:
    """The cached state of the database. One thread refreshes it; the others get the cached value
    meanwhile."""

    def __init__(self) -> None:
        self._asking = Lock()
        self._known: Answers | None = None
        self._until = 0.0

    def look(self) -> Answers:
        known = self._known
        if known is not None and (time.monotonic() < self._until or self._asking.locked()):
            return dict(known)
        with self._asking:
            if self._known is None or time.monotonic() >= self._until:
                self._known = _ask()
                self._until = time.monotonic() + KNOWN_SECONDS
            return dict(self._known)


_records = _Records()


def _ask() -> Answers:
    """Checks once, limited by the time-outs of a connection and a statement."""
    be_patient(0)
    try:
        seen_at = db.session.scalar(select(func.max(WorkerBeat.seen_at)))
    except (DBAPIError, PoolTimeout, Unavailable) as fault:
        log.warning("the database does not answer: %s", type(fault).__name__)
        return {"database": False, "worker": None}
    alive = seen_at is not None and current.now() - seen_at < WORKER_SILENT_AFTER
    return {"database": True, "worker": alive}
