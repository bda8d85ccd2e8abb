"""Overbooking: giving a time to a second patient on purpose."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Forbidden, Refused
from portal.models import Appointment
from portal.vocabulary import SlotStatus
from tests.appointments.booking.actions.desk import Desk, a_slot_at, notices, status_of
from tests.builders import actor_of, an_appointment, audited_deeds


def test_an_overbooking_gives_the_time_to_a_second_patient(session: Session, beside: Desk) -> None:
    slot = beside.clinic.slots[0]

    second = beside.overbook(slot)

    assert (second.slot_id, second.occupied_slot_id) == (slot.id, None)
    assert second.overbook_reason == "Cannot wait"
    assert audited_deeds(session)[-1] == "overbook"
    assert notices(session) == [("booked", 0), ("booked", 0)]


def test_a_free_time_is_booked_as_usual(reception: Desk) -> None:
    with pytest.raises(Refused, match="as usual"):
        reception.overbook(reception.clinic.slots[0])


@pytest.mark.parametrize("role", ["account", "nurse"])
def test_only_those_who_may_overbook_do_so(session: Session, beside: Desk, role: str) -> None:
    an_appointment(session, beside.clinic.patient, beside.clinic.slots[2])
    beside.by = actor_of(getattr(beside.clinic, role))

    with pytest.raises(Forbidden):
        beside.overbook(beside.clinic.slots[0])


def test_the_time_is_free_when_the_last_has_left(
    session: Session, beside: Desk, stranger: Desk
) -> None:
    slot = beside.clinic.slots[0]
    first = session.scalars(select(Appointment)).one()
    second = beside.overbook(slot)

    beside.cancel(second)
    assert status_of(session, slot) is SlotStatus.BUSY

    third = beside.overbook(slot)
    stranger.cancel(first)
    assert status_of(session, slot) is SlotStatus.BUSY
    beside.cancel(third)
    assert status_of(session, slot) is SlotStatus.FREE


def test_moved_away_it_is_an_ordinary_appointment(session: Session, beside: Desk) -> None:
    first, second, *_ = beside.clinic.slots
    overbooked = beside.overbook(first)

    beside.move(overbooked, second)

    assert overbooked.overbook_reason is None
    assert overbooked.occupied_slot_id == second.id
    assert status_of(session, first) is SlotStatus.BUSY


def test_nobody_is_overbooked_into_two_places(session: Session, beside: Desk) -> None:
    beside.book(a_slot_at(session, beside.clinic, beside.clinic.slots[0].starts_at))

    with pytest.raises(Refused, match="another appointment"):
        beside.overbook(beside.clinic.slots[0])
