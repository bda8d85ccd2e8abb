"""Kinds of rows that only the laws' test hospital needs."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from portal.models import (
    Account,
    Appointment,
    KeptForm,
    Location,
    Notice,
    Patient,
    PatientMerge,
    Practitioner,
    ScheduleException,
)
from portal.vocabulary import AppointmentStatus, ExceptionKind, NoticeState, Occasion
from tests.builders import a_patient, a_slot, an_appointment


def a_kept_form(session: Session, account: Account) -> KeptForm:
    fields = [["submission", "0" * 32], ["about", "A cough"]]
    row = KeptForm(
        account_id=account.id, action="/people", fields=fields, created_at=datetime.now(UTC)
    )
    session.add(row)
    session.flush()
    return row


def booked_ahead(
    session: Session,
    patient: Patient,
    practitioner: Practitioner,
    location: Location,
    ahead: timedelta,
) -> Appointment:
    slot = a_slot(session, practitioner, location, starts_at=datetime.now(UTC) + ahead)
    return an_appointment(session, patient, slot, status=AppointmentStatus.BOOKED)


def a_merge(session: Session, kept: Patient) -> PatientMerge:
    merged = a_patient(session, merged_into_id=kept.id)
    row = PatientMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        reason="The same person",
        merged_at=datetime.now(UTC),
        merged_by="0" * 20,
    )
    session.add(row)
    session.flush()
    return row


def a_leave(session: Session, practitioner: Practitioner) -> ScheduleException:
    begins = datetime.now(UTC) + timedelta(days=30)
    row = ScheduleException(
        kind=ExceptionKind.LEAVE,
        practitioner_id=practitioner.id,
        starts_at=begins,
        ends_at=begins + timedelta(days=1),
        reason="Leave",
    )
    session.add(row)
    session.flush()
    return row


def a_failed_notice(session: Session, appointment: Appointment) -> Notice:
    now = datetime.now(UTC)
    row = Notice(
        appointment_id=appointment.id,
        occasion=Occasion.BOOKED,
        sequence=0,
        state=NoticeState.FAILED,
        due_at=now,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row
