"""The visit for which a record is open, and what is shown beside the record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.models import Account, Appointment, Location, Patient, Practitioner
from portal.records.at_a_glance.queries import at_a_glance, steps_of
from portal.vocabulary import AppointmentStatus, CompositionStatus, Relationship, Scan, Step
from tests.appointments.pages import press
from tests.builders import (
    NOW,
    a_document,
    a_note,
    a_patient,
    a_practitioner,
    a_slot,
    an_account_of,
    an_appointment,
    findable,
)
from tests.builders.ward import Ward

Browse = Callable[[Account], FlaskClient]


def booked(session: Session, ward: Ward, patient: Patient, minutes: float) -> Appointment:
    """With the ward's doctor, so many minutes after the visit began."""
    doctor = session.get_one(Practitioner, ward.doctor.practitioner_id)
    here = session.get_one(Location, ward.visit.location_id)
    slot = a_slot(session, doctor, here, starts_at=NOW + timedelta(minutes=minutes))
    return an_appointment(session, patient, slot)


def todays(session: Session, ward: Ward) -> Appointment:
    """The ward's visit is of this appointment, which is brought to today."""
    appointment = session.get_one(Appointment, ward.visit.appointment_id)
    appointment.starts_at, appointment.ends_at = NOW, NOW + timedelta(minutes=20)
    appointment.status = AppointmentStatus.ARRIVED
    session.flush()
    return appointment


def test_it_shows_other_visits_documents_and_what_to_keep_in_mind(
    session: Session, ward: Ward
) -> None:
    todays(session, ward)
    ward.patient.interpreter_needed, ward.patient.language = True, "pl"
    ahead = booked(session, ward, ward.patient, 60 * 24 * 3)
    booked(session, ward, ward.patient, 60 * 24 * 4)
    booked(session, ward, ward.stranger, 60 * 24 * 2)
    a_document(session, ward.patient)
    a_document(session, ward.patient, scan=Scan.WAITING)
    a_document(session, ward.stranger)
    an_account_of(session, ward.patient, Relationship.CARER)
    an_account_of(session, ward.patient, Relationship.CARER, ended_at=NOW)
    subject = ward.as_doctor.patient(Deed.SEE_RECORD, ward.patient.ref)
    glance = at_a_glance(ward.as_doctor, subject)

    assert (glance.next_ref, glance.next_at) == (ahead.ref, ahead.starts_at)
    assert (glance.documents, glance.carers, glance.language) == (1, 1, "pl")
    assert (glance.interpreter_needed, glance.do_not_contact) == (True, False)


def test_the_visit_of_today_is_shown_beside_the_record(session: Session, ward: Ward) -> None:
    appointment = todays(session, ward)
    subject = ward.as_doctor.patient(Deed.SEE_RECORD, ward.patient.ref)
    glance = at_a_glance(ward.as_doctor, subject)

    assert (glance.ref, glance.encounter_ref) == (appointment.ref, ward.visit.ref)
    assert steps_of(ward.as_doctor, glance) == [Step.FINISH]
    tomorrow = ward.later(ward.doctor, days=1)
    named = at_a_glance(tomorrow, subject, visit=appointment.ref)
    assert (named.ref, steps_of(tomorrow, named)) == (appointment.ref, [])


def test_the_visit_is_for_those_who_may_see_its_clinics_list(session: Session, ward: Ward) -> None:
    appointment = todays(session, ward)
    subject = ward.as_patient.patient(Deed.SEE_RECORD, ward.patient.ref)
    for visit in (None, appointment.ref):
        assert at_a_glance(ward.as_patient, subject, visit=visit).ref is None


def test_no_visit_of_another_patient_is_shown(session: Session, ward: Ward) -> None:
    theirs = booked(session, ward, ward.stranger, 40)
    subject = ward.as_doctor.patient(Deed.SEE_RECORD, ward.patient.ref)

    assert at_a_glance(ward.as_doctor, subject, visit=theirs.ref).ref is None


def test_the_next_patient_is_the_next_on_the_same_list_who_is_still_to_be_seen(
    session: Session, ward: Ward
) -> None:
    todays(session, ward)
    subject = ward.as_doctor.patient(Deed.SEE_RECORD, ward.patient.ref)
    gone = booked(session, ward, a_patient(session), 20)
    gone.status = AppointmentStatus.CANCELLED
    tomorrow = booked(session, ward, a_patient(session), 60 * 24 + 20)
    elsewhere = a_slot(
        session,
        a_practitioner(session),
        session.get_one(Location, ward.visit.location_id),
        starts_at=NOW + timedelta(minutes=30),
    )
    an_appointment(session, a_patient(session), elsewhere)
    assert at_a_glance(ward.as_doctor, subject).next_patient_ref is None

    following = booked(session, ward, ward.stranger, 60)
    glance = at_a_glance(ward.as_doctor, subject)
    assert (glance.next_patient_ref, glance.next_appointment_ref) == (
        ward.stranger.ref,
        following.ref,
    )
    assert glance.next_patient == f"{ward.stranger.given} {ward.stranger.family}"
    assert tomorrow.ref != following.ref


def test_the_day_list_says_how_many_notes_are_not_signed(
    open_ward: Ward, sign_in: Browse, database: Session
) -> None:
    a_note(database, open_ward.visit, open_ward.doctor, status=CompositionStatus.PRELIMINARY)
    a_note(database, open_ward.visit, open_ward.doctor)
    database.commit()
    here = database.get_one(Location, open_ward.visit.location_id)
    for account, said in ((open_ward.doctor, True), (open_ward.nurse, False)):
        page = sign_in(account).get(f"/clinics/{here.ref}/day").text
        assert ("1 note of yours is not signed yet" in page) is said


@pytest.fixture
def doctor(open_ward: Ward, sign_in: Browse) -> FlaskClient:
    return sign_in(open_ward.doctor)


def test_from_the_list_through_record_and_note_to_the_next_patient(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    appointment = todays(database, open_ward)
    following = booked(database, open_ward, open_ward.stranger, 60)
    open_ward.patient.do_not_contact = True
    database.commit()
    here = database.get_one(Location, open_ward.visit.location_id)
    record = f"/patients/{open_ward.patient.ref}/record?visit={appointment.ref}"
    day_list = f"/clinics/{here.ref}/day"
    assert record in doctor.get(day_list).text

    page = doctor.get(record)
    assert f"{day_list}?date=" in page.text
    assert f"#a{appointment.ref}" in page.text
    assert "Wants no messages from us" in page.text
    note = f"/patients/{open_ward.patient.ref}/record/visits/{open_ward.visit.ref}/note"
    assert note in page.text
    signed = press(doctor, doctor.get(note), "Sign and close", body="Feels well.")
    assert signed.location == record
    shown = doctor.get(signed.location).text
    assert ">Seen</strong>" in shown
    assert f"/patients/{open_ward.stranger.ref}/record?visit={following.ref}" in shown
    assert "Write the note" not in shown


def test_a_step_beside_the_record_leads_back_to_the_record(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    following = booked(database, open_ward, open_ward.stranger, 0.5)
    following.status = AppointmentStatus.ARRIVED
    database.commit()
    record = f"/patients/{open_ward.stranger.ref}/record?visit={following.ref}"
    started = press(doctor, doctor.get(record), "Start")
    assert started.location == record
    page = doctor.get(record)
    assert "In consultation" in page.text
    assert press(doctor, page, "Finish").location == record


def test_the_appointment_leads_clinicians_to_the_record(
    open_ward: Ward, doctor: FlaskClient, sign_in: Browse, database: Session
) -> None:
    appointment = booked(database, open_ward, open_ward.patient, 90)
    database.commit()
    address = f"/patients/{open_ward.patient.ref}/appointments/{appointment.ref}"
    record = f"/patients/{open_ward.patient.ref}/record?visit={appointment.ref}"
    assert record in doctor.get(address).text
    assert record not in sign_in(open_ward.reception).get(address).text


def test_the_old_address_of_a_merged_record_leads_on(
    open_ward: Ward, doctor: FlaskClient, sign_in: Browse, database: Session
) -> None:
    merged = findable(database, merged_into_id=open_ward.patient.id)
    not_theirs = findable(database, merged_into_id=open_ward.stranger.id)
    database.commit()
    old = f"/patients/{merged.ref}/record"
    for rest in ("", "/allergies", "/vitals/new", "/notes"):
        answer = doctor.get(old + rest)
        kept = f"/patients/{open_ward.patient.ref}/record{rest}"
        assert (answer.status_code, answer.location) == (302, kept)
    paged = doctor.get(f"{old}/vitals?before=x")
    assert paged.location == f"/patients/{open_ward.patient.ref}/record/vitals?before=x"
    patient = sign_in(open_ward.own)
    assert patient.get(f"/patients/{not_theirs.ref}/record").status_code == 404
    assert doctor.post(f"{old}/allergies/none-known").status_code in {400, 404}
