"""A parent's access ends according to the stored birth date, however that date got there."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Deed, Role
from portal.context import Context
from portal.errors import NotFound
from portal.models import Account, Patient, PatientMerge, RelatedPerson
from portal.patients.merging import actions as merging
from portal.patients.registration import actions
from portal.seen import Seen
from portal.vocabulary import Relationship
from tests.builders import (
    actor_of,
    an_account,
    audited,
    context_for,
    demographics,
    findable,
    relate,
    seen_now,
)

YOUNG, OLD = date(2015, 6, 1), date(2005, 6, 1)
"""Under and over 16 on the day of these tests."""


@pytest.fixture
def child(session: Session) -> Patient:
    return findable(session, birth_date=YOUNG)


@pytest.fixture
def mother(session: Session, child: Patient) -> Account:
    account = an_account(session, Role.PATIENT)
    relate(session, account, child, Relationship.PARENT, ends_on=date(2031, 6, 1))
    return account


@pytest.fixture
def reception(session: Session) -> Context:
    return context_for(session, actor_of(an_account(session, Role.RECEPTION)))


def opens(session: Session, account: Account, patient: Patient) -> bool:
    try:
        context_for(session, actor_of(account)).patient(Deed.SEE_RECORD, patient.ref)
    except NotFound:
        return False
    return True


def correct(context: Context, patient: Patient, born: date, version: int) -> None:
    actions.change_patient(
        context,
        patient=Seen(patient.ref, version),
        demographics=demographics(birth_date=born),
    )


def test_a_corrected_birth_date_ends_and_restores_it(
    session: Session, reception: Context, child: Patient, mother: Account
) -> None:
    assert opens(session, mother, child)
    correct(reception, child, OLD, 1)
    assert not opens(session, mother, child)
    told = audited(session, "change proxies")
    assert [one.detail for one in told] == [{"ends_on": "2021-06-01", "proxies": 1}]
    correct(reception, child, YOUNG, 2)
    assert opens(session, mother, child)


def test_another_change_leaves_it_as_it_is(
    session: Session, reception: Context, child: Patient, mother: Account
) -> None:
    correct(reception, child, YOUNG, 1)
    assert opens(session, mother, child)
    assert audited(session, "change proxies") == []


def test_an_imported_birth_date_ends_it(session: Session, child: Patient, mother: Account) -> None:
    actions.change_imported(
        context_for(session, SYSTEM),
        patient=child,
        demographics=demographics(birth_date=OLD),
        deceased_on=None,
    )
    assert not opens(session, mother, child)


def test_a_carers_access_has_no_birthday(
    session: Session, reception: Context, child: Patient
) -> None:
    carer = an_account(session, Role.PATIENT)
    relate(session, carer, child, Relationship.CARER)
    correct(reception, child, OLD, 1)
    assert opens(session, carer, child)


def test_a_merge_brings_the_kept_records_birth_date_and_its_undo_takes_it_back(
    session: Session, reception: Context, child: Patient, mother: Account
) -> None:
    grown_up = findable(session, birth_date=OLD)
    merging.merge(
        reception, kept=Seen(grown_up.ref, 1), merged=Seen(child.ref, 1), reason="The same person"
    )
    assert not opens(session, mother, grown_up)
    merge = session.scalars(select(PatientMerge)).one()
    merging.undo(reception, patient=seen_now(grown_up), merge_ref=merge.ref)
    assert opens(session, mother, child)


def test_the_rows_say_until_when(session: Session, reception: Context, child: Patient) -> None:
    guardian = an_account(session, Role.PATIENT)
    row = relate(session, guardian, child, Relationship.GUARDIAN, ends_on=date(2031, 6, 1))
    correct(reception, child, date(2012, 2, 29), 1)
    session.expire_all()
    assert session.get_one(RelatedPerson, row.id).ends_on == date(2028, 2, 29)
