"""The worker makes slots for one practitioner at a time."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from portal.context import Context
from portal.errors import Unavailable
from portal.models import Practitioner, Slot
from portal.schedules.slots import actions
from portal.schedules.slots.queries import Period, lock
from portal.settings.hospital import Hospital
from portal.worker.slots import make_slots
from tests.builders import NOW, a_location, a_practitioner, a_schedule, contexts_for

HOSPITAL = Hospital(slots_ahead_days=14)
Sessions = sessionmaker[Session]


@pytest.fixture
def three(database: Session) -> list[Practitioner]:
    clinic = a_location(database)
    found = [a_practitioner(database, [clinic]) for _ in range(3)]
    for practitioner in found:
        a_schedule(database, practitioner, clinic)
    database.commit()
    return found


def with_slots(database: Session) -> set[int]:
    database.rollback()
    return set(database.scalars(select(Slot.practitioner_id)))


def break_for(
    monkeypatch: pytest.MonkeyPatch, practitioner: Practitioner, fault: Exception
) -> list[int]:
    """Lets `fill` fail for one of them; returns those for whom it was called."""
    fill, turns = actions.fill, []

    def fill_or_fail(context: Context, whose: list[int], period: Period) -> int:
        turns.extend(whose)
        made = fill(context, whose, period)
        if whose == [practitioner.id]:
            raise fault
        return made

    monkeypatch.setattr(actions, "fill", fill_or_fail)
    return turns


def test_slots_are_made_ahead_and_once(
    database: Session, sessions: Sessions, three: list[Practitioner]
) -> None:
    assert not make_slots(contexts_for(sessions, NOW, HOSPITAL))

    assert with_slots(database) == {practitioner.id for practitioner in three}
    made = database.scalar(select(func.count()).select_from(Slot))
    make_slots(contexts_for(sessions, NOW, HOSPITAL))
    database.rollback()
    assert database.scalar(select(func.count()).select_from(Slot)) == made


def test_one_that_fails_does_not_stop_the_others(
    database: Session,
    sessions: Sessions,
    three: list[Practitioner],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, *others = three
    break_for(monkeypatch, first, LookupError("Amina Okafor"))

    with pytest.raises(LookupError):
        make_slots(contexts_for(sessions, NOW, HOSPITAL))

    assert with_slots(database) == {practitioner.id for practitioner in others}
    (line,) = (record.message for record in caplog.records if record.levelno == logging.ERROR)
    assert f"make slots: practitioner {first.id}: LookupError at" in line
    assert "Amina" not in line


@pytest.mark.parametrize(
    "fault",
    [
        Unavailable("away"),
        OperationalError("", None, Exception("gone"), connection_invalidated=True),
    ],
    ids=["away", "lost"],
)
def test_without_a_database_nobody_else_is_tried(
    sessions: Sessions,
    three: list[Practitioner],
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    turns = break_for(monkeypatch, three[0], fault)

    with pytest.raises(type(fault)):
        make_slots(contexts_for(sessions, NOW, HOSPITAL))

    assert turns == [three[0].id]


def test_a_timetable_that_somebody_is_changing_is_skipped(
    database: Session, sessions: Sessions, three: list[Practitioner]
) -> None:
    with sessions() as administrator:
        lock(administrator, three[0].id)
        make_slots(contexts_for(sessions, NOW, HOSPITAL))
        assert with_slots(database) == {practitioner.id for practitioner in three[1:]}

    make_slots(contexts_for(sessions, NOW + timedelta(seconds=1), HOSPITAL))

    assert len(with_slots(database)) == len(three)
