"""Which patients each person may book for."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import Forbidden, NotFound
from portal.models import Slot
from portal.vocabulary import Relationship
from tests.appointments.booking.actions.desk import Desk
from tests.builders import NOW, a_patient, an_account, an_appointment, relate
from tests.builders.morning import Clinic


def test_another_patients_record_is_not_found(desk: Desk, stranger: Desk) -> None:
    desk.patient_ref = stranger.patient_ref

    with pytest.raises(NotFound):
        desk.book(desk.clinic.slots[0])
    with pytest.raises(NotFound):
        desk.hold(desk.clinic.slots[0])


@pytest.mark.parametrize(
    ("facts", "acts"),
    [
        ({}, True),
        ({"ends_on": date(2026, 3, 4)}, True),
        ({"ends_on": date(2026, 3, 3)}, False),
        ({"ended_at": NOW}, False),
    ],
)
def test_a_proxy_books_while_the_access_lasts(
    session: Session, desk: Desk, facts: dict[str, Any], acts: bool
) -> None:
    child = a_patient(session)
    relate(session, desk.clinic.account, child, Relationship.PARENT, **facts)
    desk.patient_ref = child.ref

    if acts:
        assert desk.book(desk.clinic.slots[0]).patient_id == child.id
        return
    with pytest.raises(NotFound):
        desk.book(desk.clinic.slots[0])


def test_a_doctor_books_for_their_patients_alone(session: Session, clinic: Clinic) -> None:
    doctor = Desk(session, clinic, clinic.doctor)
    with pytest.raises(NotFound):
        doctor.book(clinic.slots[1])

    an_appointment(session, clinic.patient, clinic.slots[0])

    doctor.book(clinic.slots[1])


def test_an_administrator_books_for_nobody(session: Session, clinic: Clinic) -> None:
    administrator = Desk(session, clinic, an_account(session, Role.ADMINISTRATOR))

    with pytest.raises(Forbidden):
        administrator.book(clinic.slots[0])


def test_an_unknown_slot_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.book(Slot(ref="0" * 20))
