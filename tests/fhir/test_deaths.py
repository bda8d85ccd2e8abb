"""An imported death ends bookings here, as if reception had recorded it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fhir.storing import Change, Kind, store_bundle
from portal.models import Patient
from portal.vocabulary import AppointmentStatus
from tests.builders import an_appointment_of, context_for
from tests.fhir.samples import NOW, bundle, read, resource

LATER = NOW + timedelta(days=30)


def test_an_imported_death_ends_appointments(session: Session) -> None:
    parsed = bundle("record")
    store_bundle(context_for(session, now=NOW), read(parsed))
    patient = session.scalars(select(Patient)).one()
    appointment = an_appointment_of(session, patient, starts_at=LATER + timedelta(days=1))
    resource(parsed, "Patient")["deceasedDateTime"] = f"{NOW:%Y-%m-%d}"
    outcome = store_bundle(context_for(session, now=LATER), read(parsed))

    session.expire_all()
    assert outcome.changes[Kind.PATIENT, Change.UPDATED] == 1
    assert patient.deceased_on == NOW.date()
    assert appointment.status is AppointmentStatus.CANCELLED
