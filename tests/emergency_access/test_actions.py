"""Emergency access: for one person and one patient, for some hours, reviewed by an administrator."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Deed, Role
from portal.context import Context
from portal.emergency_access import actions, queries
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Unfit
from portal.models import Account, EmergencyAccess, Patient
from portal.patients.merging.actions import merge
from portal.patients.search.queries import find_patients
from portal.patients.search.terms import write_search_terms
from portal.seen import Seen
from portal.vocabulary import ReviewOutcome
from tests.builders import (
    NOW,
    a_clinician,
    a_location,
    a_patient,
    actor_of,
    an_account,
    an_emergency_access,
    audited,
    context_for,
)

WHY = "Brought in unconscious, allergies unknown"


@pytest.fixture
def patient(session: Session) -> Patient:
    patient = a_patient(session)
    write_search_terms(session, [patient])
    return patient


@pytest.fixture
def doctor(session: Session) -> Account:
    return a_clinician(session, Role.DOCTOR, [a_location(session)])[0]


def as_(session: Session, account: Account, **later: float) -> Context:
    return context_for(session, actor_of(account), NOW + timedelta(**later))


def opened(session: Session, doctor: Account, patient: Patient) -> str:
    return actions.open_record(
        as_(session, doctor),
        hospital_number=patient.hospital_number,
        born=patient.birth_date,
        reason=WHY,
    )


def test_it_opens_the_record_for_some_hours_and_for_nobody_else(
    session: Session, patient: Patient, doctor: Account
) -> None:
    colleague, _ = a_clinician(session, Role.DOCTOR, [a_location(session)])
    with pytest.raises(NotFound):
        as_(session, doctor).patient(Deed.SEE_RECORD, patient.ref)

    assert opened(session, doctor, patient) == patient.ref

    subject = as_(session, doctor, hours=3.9).patient(Deed.SEE_RECORD, patient.ref)
    assert subject.emergency_until == NOW + timedelta(hours=4)
    with pytest.raises(NotFound):
        as_(session, doctor, hours=4).patient(Deed.SEE_RECORD, patient.ref)
    with pytest.raises(NotFound):
        as_(session, colleague).patient(Deed.SEE_RECORD, patient.ref)


def test_the_search_finds_the_patient_meanwhile(
    session: Session, patient: Patient, doctor: Account
) -> None:
    opened(session, doctor, patient)

    def hits(context: Context) -> list[str]:
        return [hit.ref for hit in find_patients(context, text=patient.hospital_number).hits]

    assert hits(as_(session, doctor)) == [patient.ref]
    assert hits(as_(session, doctor, hours=5)) == []


def test_both_number_and_birth_date_must_be_right(
    session: Session, patient: Patient, doctor: Account
) -> None:
    wrong = {"born": patient.birth_date + timedelta(days=1)}, {"hospital_number": "1234567890"}
    for one in wrong:
        facts: dict[str, Any] = {
            "hospital_number": patient.hospital_number,
            "born": patient.birth_date,
            **one,
        }
        with pytest.raises(Unfit) as refusal:
            actions.open_record(as_(session, doctor), reason=WHY, **facts)
        assert refusal.value.message == actions.NOBODY
    assert session.scalars(select(EmergencyAccess)).all() == []


@pytest.mark.parametrize("role", [Role.RECEPTION, Role.ADMINISTRATOR, Role.PATIENT])
def test_it_is_for_doctors_and_nurses(session: Session, patient: Patient, role: Role) -> None:
    with pytest.raises(Forbidden):
        opened(session, an_account(session, role), patient)


def test_the_trail_says_who_opened_it_and_never_why(
    session: Session, patient: Patient, doctor: Account
) -> None:
    opened(session, doctor, patient)

    (entry,) = audited(session)
    assert (entry.deed, entry.patient_ref) == (Deed.BREAK_GLASS.value, patient.ref)
    assert entry.detail is None


def test_a_review_is_saved_once(session: Session, patient: Patient) -> None:
    row = an_emergency_access(session, patient)
    administrator = as_(session, an_account(session, Role.ADMINISTRATOR))

    def review(found: ReviewOutcome) -> None:
        actions.review(administrator, access=Seen(row.ref, 1), found=found, note="Asked")

    review(ReviewOutcome.TO_BE_ASKED)
    with pytest.raises(ChangedMeanwhile):
        review(ReviewOutcome.JUSTIFIED)

    assert queries.reviews(administrator, ReviewOutcome.WAITING).rows == []
    (listed,) = queries.reviews(administrator, ReviewOutcome.TO_BE_ASKED).rows
    assert (listed.ref, listed.review_note) == (row.ref, "Asked")


def test_the_review_counts_what_was_done_meanwhile(
    session: Session, patient: Patient, doctor: Account
) -> None:
    opened(session, doctor, patient)
    as_(session, doctor, hours=1).patient(Deed.SEE_RECORD, patient.ref)
    administrator = as_(session, an_account(session, Role.ADMINISTRATOR))

    (listed,) = queries.reviews(administrator, ReviewOutcome.WAITING).rows
    assert listed.entries == 2


def test_reviews_are_paged_by_key(session: Session, patient: Patient) -> None:
    for minute in range(queries.PAGE + 3):
        an_emergency_access(session, patient, begun_at=NOW + timedelta(minutes=minute // 2))
    administrator = as_(session, an_account(session, Role.ADMINISTRATOR))

    first = queries.reviews(administrator, ReviewOutcome.WAITING)
    second = queries.reviews(administrator, ReviewOutcome.WAITING, before=first.next)

    refs = [row.ref for row in (*first.rows, *second.rows)]
    assert len(refs) == len(set(refs)) == queries.PAGE + 3
    assert second.next is None


def test_it_moves_with_a_merge(session: Session, patient: Patient, doctor: Account) -> None:
    twin = a_patient(session)
    write_search_terms(session, [twin])
    opened(session, doctor, twin)
    reception = as_(session, an_account(session, Role.RECEPTION))
    merge(
        reception,
        kept=Seen(patient.ref, patient.version),
        merged=Seen(twin.ref, twin.version),
        reason="The same person",
    )

    assert as_(session, doctor).patient(Deed.SEE_RECORD, patient.ref).ref == patient.ref
