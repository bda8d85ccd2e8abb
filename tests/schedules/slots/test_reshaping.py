"""A weekly session with visits is changed: its times come back with the new length and mode.

On both databases: this was once a failure that nobody saw before there were two such times.
"""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.schedules.slots.actions import make_slots
from portal.vocabulary import AppointmentStatus, Mode, SlotStatus
from tests.builders import context_for
from tests.builders.tuesdays import NEXT_TUESDAY, Clinic, a_clinic
from tests.schedules.weekly.sessions import change
from tests.settings import settings_for

WEEK_AFTER = NEXT_TUESDAY + timedelta(days=7)
BOTH = NEXT_TUESDAY, WEEK_AFTER


@pytest.fixture
def sqlite_session(tmp_path: Path) -> Iterator[Session]:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    with app.app_context():
        upgrade()
        with Session(db.engine, expire_on_commit=False) as session:
            yield session
        db.engine.dispose()


@pytest.fixture(params=["session", "sqlite_session"], ids=["mariadb", "sqlite"])
def either(request: pytest.FixtureRequest) -> Clinic:
    return a_clinic(request.getfixturevalue(request.param))


def cancelled(clinic: Clinic) -> None:
    for day in BOTH:
        clinic.booked(day=day).status = AppointmentStatus.CANCELLED
        clinic.slot(day=day).status = SlotStatus.FREE
    clinic.session.flush()


@pytest.mark.parametrize(
    ("changes", "minutes", "mode"),
    [({"slot_minutes": 15}, 15, Mode.IN_PERSON), ({"mode": Mode.VIDEO}, 20, Mode.VIDEO)],
    ids=["another length", "another mode"],
)
def test_two_cancelled_visits_do_not_prevent_the_change(
    either: Clinic, changes: dict[str, Any], minutes: int, mode: Mode
) -> None:
    cancelled(either)

    change(either, **changes)

    for day in BOTH:
        slot = either.slot(day=day)
        assert (slot.status, slot.mode) == (SlotStatus.FREE, mode)
        assert slot.ends_at - slot.starts_at == timedelta(minutes=minutes)
        assert slot.version == 2, "a page that showed the old shape books nothing"


def test_two_booked_visits_wait_to_be_rebooked(either: Clinic) -> None:
    visits = [either.booked(day=day) for day in BOTH]
    question = either.asked(lambda: change(either, slot_minutes=15))

    change(either, slot_minutes=15, confirmed=question.fingerprint)

    assert len(question.booked) == len(BOTH)
    for day in BOTH:
        assert either.slot(day=day).status is SlotStatus.UNAVAILABLE
    for visit in visits:
        either.session.refresh(visit)
        assert visit.status is AppointmentStatus.BOOKED


def test_one_such_visit_at_each_of_two_practitioners_stops_no_slots(either: Clinic) -> None:
    clinics = either, a_clinic(either.session)
    for clinic in clinics:
        booked = clinic.booked()
        question = clinic.asked(partial(change, clinic, slot_minutes=15))
        change(clinic, slot_minutes=15, confirmed=question.fingerprint)
        booked.status = AppointmentStatus.CANCELLED
    either.session.flush()

    make_slots(context_for(either.session))

    for clinic in clinics:
        assert clinic.slot().status is SlotStatus.FREE
        assert clinic.slot().ends_at == NEXT_TUESDAY + timedelta(hours=9, minutes=15)
