"""Slots are made once, whoever makes them and however often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Role
from portal.errors import Forbidden
from portal.hospital import Hospital
from portal.models import AuditEvent, Practitioner, Slot, SlotStatus
from portal.schedules import slots
from portal.schedules.slots import make_slots
from tests.hospital import (
    NOW,
    a_location,
    a_practitioner,
    a_schedule,
    a_slot,
    actor_of,
    an_account,
)

HOSPITAL = Hospital()


def make(session: Session, **options: object) -> int:
    return make_slots(session, by=SYSTEM, hospital=HOSPITAL, now=NOW, **options)  # type: ignore[arg-type]


def a_tuesday_clinic(session: Session) -> Practitioner:
    """Nine slots on each Tuesday. On `NOW`, a Tuesday, the first three have begun."""
    location = a_location(session)
    practitioner = a_practitioner(session, [location])
    a_schedule(session, practitioner, location)
    return practitioner


def test_eight_weeks_are_made_and_made_once(session: Session) -> None:
    a_tuesday_clinic(session)

    assert make(session) == 8 * 9 + 6
    assert make(session) == 0


def test_it_is_remembered_once(session: Session) -> None:
    a_tuesday_clinic(session)
    make(session)
    make(session)

    (event,) = session.scalars(select(AuditEvent))
    assert (event.deed, event.detail) == ("make slots", {"made": 78})


def test_one_practitioner_alone(session: Session) -> None:
    wanted, other = a_tuesday_clinic(session), a_tuesday_clinic(session)

    make(session, practitioner_id=wanted.id, until=NOW + timedelta(days=1))

    assert session.scalars(select(Slot.practitioner_id).distinct()).all() == [wanted.id]
    assert make(session, until=NOW + timedelta(days=1)) == 6
    assert other.id in session.scalars(select(Slot.practitioner_id)).all()


def test_nobody_who_has_left_gets_slots(session: Session) -> None:
    a_tuesday_clinic(session).active = False
    session.flush()

    assert make(session) == 0


def test_a_time_in_use_is_not_given_out_twice(session: Session) -> None:
    practitioner = a_tuesday_clinic(session)
    location = a_location(session)
    week_later = NOW + timedelta(days=7)
    a_slot(session, practitioner, location, starts_at=week_later + timedelta(minutes=10))

    make(session)

    starts = session.scalars(select(Slot.starts_at).order_by(Slot.starts_at)).all()
    assert week_later not in starts
    assert week_later + timedelta(minutes=20) not in starts
    assert week_later + timedelta(minutes=40) in starts


def test_the_unique_key_has_the_last_word(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tuesday_clinic(session)
    make(session)
    monkeypatch.setattr(slots, "_starts", lambda *_, **__: set())
    monkeypatch.setattr(slots, "_without_overlaps", lambda _, missing: missing)

    assert make(session) == 0
    assert session.scalar(select(func.count(Slot.id))) == 78


def test_a_slot_that_was_taken_out_comes_back_in_the_new_shape(session: Session) -> None:
    practitioner = a_tuesday_clinic(session)
    elsewhere = a_location(session)
    slot = a_slot(
        session,
        practitioner,
        elsewhere,
        starts_at=NOW,
        ends_at=NOW + timedelta(minutes=5),
        status=SlotStatus.UNAVAILABLE,
    )

    make(session)

    session.refresh(slot)
    assert slot.status is SlotStatus.FREE
    assert slot.ends_at == NOW + timedelta(minutes=20)
    assert slot.location_id != elsewhere.id


@pytest.mark.parametrize("role", [Role.DOCTOR, Role.NURSE, Role.RECEPTION, Role.PATIENT])
def test_only_an_administrator_or_the_portal_makes_slots(session: Session, role: Role) -> None:
    with pytest.raises(Forbidden):
        make_slots(session, by=actor_of(an_account(session, role)), hospital=HOSPITAL, now=NOW)


@pytest.fixture
def ten_clinics(database: Session) -> int:
    for _ in range(10):
        a_tuesday_clinic(database)
    database.commit()
    return 10 * 78


def test_several_workers_at_once_make_each_slot_once(engine: Engine, ten_clinics: int) -> None:
    def work(_: int) -> int:
        with Session(engine) as own, own.begin():
            return make(own)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(work, range(4)))

    with Session(engine) as own:
        assert sum(made) == ten_clinics
        assert own.scalar(select(func.count(Slot.id))) == ten_clinics
