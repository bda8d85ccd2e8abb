"""Codes that open no record, and people who get none."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.errors import Forbidden, NotFound, Refused
from portal.models import AccountCode, Patient
from portal.patients.access import actions
from portal.vocabulary import Relationship
from tests.builders import NOW, a_patient, actor_of, an_account_of, context_for
from tests.patients.access.account_codes import BORN, SECRET_KEY, claim, hand_out


@pytest.mark.parametrize(
    ("code", "birth_date", "days"),
    [
        ("7KQF-2M9X-PD3T", BORN, 0),
        ("", BORN, 0),
        (None, BORN.replace(day=26), 0),
        (None, BORN, 14),
    ],
    ids=["wrong code", "no code", "another date of birth", "too old"],
)
def test_what_does_not_open_a_record_is_refused_in_the_same_words(
    session: Session,
    receptionist: Actor,
    patient: Patient,
    holder: Actor,
    code: str | None,
    birth_date: date,
    days: int,
) -> None:
    handed = hand_out(session, receptionist, patient)
    with pytest.raises(Refused) as refused:
        claim(session, holder, handed if code is None else code, birth_date,
              now=NOW + timedelta(days=days))  # fmt: skip

    assert refused.value.message == actions.NOT_FOUND
    assert session.scalar(select(AccountCode.used_at)) is None


def test_a_code_fits_the_age_of_the_patient(
    session: Session, receptionist: Actor, patient: Patient
) -> None:
    with pytest.raises(Refused, match="carer"):
        hand_out(session, receptionist, patient, Relationship.PARENT)


def test_a_record_with_an_account_gets_no_other(
    session: Session, receptionist: Actor, patient: Patient
) -> None:
    an_account_of(session, patient)
    with pytest.raises(Refused, match="linked to an account"):
        hand_out(session, receptionist, patient)


def test_an_account_with_a_record_gets_no_other(
    session: Session, receptionist: Actor, patient: Patient
) -> None:
    by = actor_of(an_account_of(session, a_patient(session)))
    code = hand_out(session, receptionist, patient)
    with pytest.raises(Refused, match="record of its own"), session.begin_nested():
        claim(session, by, code)

    assert session.scalar(select(AccountCode.used_at)) is None


def test_somebody_who_already_acts_for_the_patient_needs_no_code(
    session: Session, receptionist: Actor, patient: Patient
) -> None:
    carer = actor_of(an_account_of(session, patient, Relationship.CARER))
    with pytest.raises(Refused, match="acts for this person"):
        claim(session, carer, hand_out(session, receptionist, patient, Relationship.CARER))


def test_only_reception_hands_out_codes_and_only_patients_use_them(
    session: Session, receptionist: Actor, patient: Patient, holder: Actor
) -> None:
    with pytest.raises(Forbidden):
        hand_out(session, holder, patient)
    with pytest.raises(Forbidden):
        claim(session, receptionist, hand_out(session, receptionist, patient))
    with pytest.raises(NotFound):
        actions.hand_out(
            context_for(session, receptionist),
            patient_ref="0" * 20,
            relationship=Relationship.ONESELF,
            secret_key=SECRET_KEY,
        )
