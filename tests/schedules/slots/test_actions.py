"""Slots are made once, by whomever and however often they are asked for."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import Forbidden
from portal.models import Practitioner, Slot
from portal.schedules.slots import actions
from portal.schedules.slots.actions import make_slots
from portal.vocabulary import SlotStatus
from tests.builders import (
    NOW,
    a_location,
    a_practitioner,
    a_schedule,
    a_slot,
    actor_of,
    an_account,
    audited,
    context_for,
)


def make(session: Session, **options: object) -> int:
    return make_slots(context_for(session), **options)  # type: ignore[arg-type]


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


def test_making_slots_is_audited_once(session: Session) -> None:
    a_tuesday_clinic(session)
    make(session)
    make(session)

    (event,) = audited(session)
    assert (event.deed, event.detail) == ("make slots", {"made": 78})


def test_slots_are_made_for_one_practitioner_only(session: Session) -> None:
    wanted, other = a_tuesday_clinic(session), a_tuesday_clinic(session)

    make(session, practitioner_id=wanted.id, until=NOW + timedelta(days=1))

    assert session.scalars(select(Slot.practitioner_id).distinct()).all() == [wanted.id]
    assert make(session, until=NOW + timedelta(days=1)) == 6
    assert other.id in session.scalars(select(Slot.practitioner_id)).all()


def test_nobody_who_has_left_gets_slots(session: Session) -> None:
    a_tuesday_clinic(session).active = False
    session.flush()

    assert make(session) == 0


def test_a_time_that_overlaps_another_slot_gets_no_slot(session: Session) -> None:
    practitioner = a_tuesday_clinic(session)
    location = a_location(session)
    week_later = NOW + timedelta(days=7)
    a_slot(session, practitioner, location, starts_at=week_later + timedelta(minutes=10))

    make(session)

    starts = session.scalars(select(Slot.starts_at).order_by(Slot.starts_at)).all()
    assert week_later not in starts
    assert week_later + timedelta(minutes=20) not in starts
    assert week_later + timedelta(minutes=40) in starts


def test_the_unique_key_prevents_a_second_slot(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_tuesday_clinic(session)
    make(session)
    monkeypatch.setattr(actions, "_starts", lambda *_: set())
    monkeypatch.setattr(actions, "_without_overlaps", lambda _, missing: missing)

    assert make(session) == 0
    assert session.scalar(select(func.count(Slot.id))) == 78


def test_a_slot_that_was_taken_out_comes_back_with_the_new_length_and_mode(
    session: Session,
) -> None:
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
        make_slots(context_for(session, actor_of(an_account(session, role))))


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
