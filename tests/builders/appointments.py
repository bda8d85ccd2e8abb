"""Appointments, and their visits."""

from typing import Any

from sqlalchemy.orm import Session

from portal.models import Appointment, Encounter, Patient, Slot
from portal.vocabulary import AppointmentStatus, EncounterStatus, SlotStatus
from tests.builders.rows import NOW, added


def an_appointment(session: Session, patient: Patient, slot: Slot, **facts: Any) -> Appointment:
    """A booked appointment in the slot. The slot becomes busy."""
    slot.status = SlotStatus.BUSY
    defaults = {"status": AppointmentStatus.BOOKED, "created_at": NOW, "updated_at": NOW}
    row = Appointment(
        patient_id=patient.id,
        slot_id=slot.id,
        practitioner_id=slot.practitioner_id,
        location_id=slot.location_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        mode=slot.mode,
        **{**defaults, **facts},
    )
    return added(session, row)


def an_encounter(session: Session, appointment: Appointment, **facts: Any) -> Encounter:
    """The visit of an appointment, in consultation."""
    defaults = {
        "status": EncounterStatus.IN_PROGRESS,
        "class_code": "AMB",
        "started_at": NOW,
        "practitioner_id": appointment.practitioner_id,
        "location_id": appointment.location_id,
    }
    row = Encounter(
        patient_id=appointment.patient_id,
        appointment_id=appointment.id,
        **{**defaults, **facts},
    )
    return added(session, row)
