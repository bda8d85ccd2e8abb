"""Notices, and the appointments that they are about."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.models import Appointment, Notice, Patient
from portal.vocabulary import Occasion
from tests.builders.appointments import an_appointment
from tests.builders.people import a_patient
from tests.builders.rows import NOW, added
from tests.builders.timetables import a_location, a_practitioner, a_slot

A_WEEK_AHEAD = NOW + timedelta(days=7)


def an_appointment_of(session: Session, patient: Patient, **facts: Any) -> Appointment:
    """An appointment a week after NOW, with a clinic and a doctor whose names reveal a lot."""
    practitioner = a_practitioner(session, family="Lindqvist", specialty="Clinical oncology")
    location = a_location(session)
    slot = a_slot(session, practitioner, location, starts_at=facts.pop("starts_at", A_WEEK_AHEAD))
    return an_appointment(session, patient, slot, **facts)


def a_notice(
    session: Session,
    appointment: Appointment | None = None,
    occasion: Occasion = Occasion.BOOKED,
    **facts: Any,
) -> Notice:
    """A waiting notice, due at NOW. By default it is about an appointment of a new patient."""
    appointment = appointment or an_appointment_of(session, a_patient(session))
    defaults = {"sequence": appointment.sequence, "due_at": NOW, "created_at": NOW}
    notice = Notice(appointment_id=appointment.id, occasion=occasion, **{**defaults, **facts})
    return added(session, notice)


def as_it_stands(session: Session, notice: Notice) -> Notice:
    """The notice as it is in the database now."""
    session.rollback()
    session.refresh(notice)
    return notice
