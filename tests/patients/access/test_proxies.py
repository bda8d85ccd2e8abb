"""Who acts for a patient, from when and until when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Role
from portal.chart.queries import people
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused
from portal.models import Account, Patient, RelatedPerson
from portal.patients.access import actions, queries
from portal.vocabulary import Relationship
from tests.builders import (
    NOW,
    a_patient,
    actor_of,
    an_account,
    an_account_of,
    audited,
    context_for,
    relate,
    seen_now,
)

SIXTEENTH = date(2026, 5, 6)


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


@pytest.fixture
def child(session: Session) -> Patient:
    return a_patient(session, given="Tomás", birth_date=date(2010, 5, 6))


def grant(
    session: Session,
    by: Actor,
    patient: Patient,
    account: Account,
    relationship: Relationship = Relationship.PARENT,
    now: datetime = NOW,
) -> None:
    actions.grant(
        context_for(session, by, now),
        patient_ref=patient.ref,
        account_ref=account.ref,
        relationship=relationship,
    )


def may_see(session: Session, account: Account, patient: Patient, now: datetime = NOW) -> bool:
    try:
        context_for(session, actor_of(account), now).find_patient(Deed.SEE_PATIENT, patient.ref)
    except NotFound:
        return False
    return True


def test_a_parent_acts_until_the_sixteenth_birthday_begins_here(
    session: Session, reception: Actor, child: Patient
) -> None:
    parent = an_account(session, Role.PATIENT)
    assert not may_see(session, parent, child)
    grant(session, reception, child, parent)

    (row,) = session.scalars(select(RelatedPerson))
    assert row.ends_on == SIXTEENTH
    # London is an hour ahead of UTC in May.
    midnight = datetime(2026, 5, 5, 23, tzinfo=UTC)
    assert may_see(session, parent, child, midnight - timedelta(seconds=1))
    assert not may_see(session, parent, child, midnight)


def test_a_carer_acts_for_an_adult_without_an_end(session: Session, reception: Actor) -> None:
    patient, carer = a_patient(session), an_account(session, Role.PATIENT)
    grant(session, reception, patient, carer, Relationship.CARER)

    assert session.scalars(select(RelatedPerson.ends_on)).all() == [None]
    assert may_see(session, carer, patient, NOW + timedelta(days=36500))


@pytest.mark.parametrize("kind", [Relationship.PARENT, Relationship.GUARDIAN, Relationship.ONESELF])
def test_relationships_that_an_adult_cannot_have_are_refused(
    session: Session, reception: Actor, kind: Relationship
) -> None:
    with pytest.raises(Refused, match="carer"):
        grant(session, reception, a_patient(session), an_account(session, Role.PATIENT), kind)


@pytest.mark.parametrize("kind", [Relationship.CARER, Relationship.ONESELF])
def test_relationships_that_a_child_cannot_have_are_refused(
    session: Session, reception: Actor, child: Patient, kind: Relationship
) -> None:
    with pytest.raises(Refused, match="parent"):
        grant(session, reception, child, an_account(session, Role.PATIENT), kind)


def test_a_parent_may_become_the_carer_afterwards(
    session: Session, reception: Actor, child: Patient
) -> None:
    parent = an_account(session, Role.PATIENT)
    grant(session, reception, child, parent)
    after = NOW + timedelta(days=100)
    grant(session, reception, child, parent, Relationship.CARER, now=after)

    assert may_see(session, parent, child, after)
    rows = session.scalars(select(RelatedPerson).order_by(RelatedPerson.id)).all()
    assert [row.ended_at for row in rows] == [after, None]


def test_nobody_is_granted_twice(session: Session, reception: Actor, child: Patient) -> None:
    parent = an_account(session, Role.PATIENT)
    grant(session, reception, child, parent)
    with pytest.raises(Refused, match="already"):
        grant(session, reception, child, parent, Relationship.GUARDIAN)


def related(session: Session) -> RelatedPerson:
    return session.scalars(select(RelatedPerson)).one()


def end(session: Session, by: Actor, patient: Patient, row: RelatedPerson) -> None:
    actions.end(context_for(session, by), patient_ref=patient.ref, related=seen_now(row))


def test_reception_ends_an_access_once(session: Session, reception: Actor, child: Patient) -> None:
    parent = an_account_of(session, child, Relationship.PARENT)
    row = related(session)
    end(session, reception, child, row)

    assert not may_see(session, parent, child)
    with pytest.raises(ChangedMeanwhile):
        end(session, reception, child, row)
    assert [(one.deed, one.patient_ref) for one in audited(session)] == [
        ("change proxies", child.ref)
    ]


def test_an_access_is_ended_under_its_own_patient_only(
    session: Session, reception: Actor, child: Patient
) -> None:
    parent = an_account_of(session, child, Relationship.PARENT)
    with pytest.raises(ChangedMeanwhile):
        end(session, reception, a_patient(session), related(session))
    assert may_see(session, parent, child)


def test_a_parent_does_not_decide_who_else_acts(session: Session, child: Patient) -> None:
    parent = an_account_of(session, child, Relationship.PARENT)
    with pytest.raises(Forbidden):
        end(session, actor_of(parent), child, related(session))
    with pytest.raises(Forbidden):
        grant(session, actor_of(parent), child, an_account(session, Role.PATIENT))


def find(session: Session, by: Actor, typed: str) -> Account:
    return queries.find_account(context_for(session, by), typed=typed)


def test_an_account_is_found_by_address_and_by_its_own_number(
    session: Session, reception: Actor
) -> None:
    patient = a_patient(session)
    account = an_account_of(session, patient)
    account.email = "amina@example.org"
    session.flush()
    number = patient.hospital_number

    assert find(session, reception, "Amina@Example.org") is account
    assert find(session, reception, f"{number[:3]} {number[3:6]} {number[6:]}") is account


def test_no_or_several_accounts_are_explained(session: Session, reception: Actor) -> None:
    for _ in range(2):
        an_account(session, Role.PATIENT, email="family@example.org")
    an_account(session, Role.DOCTOR, email="doctor@example.org")
    an_account(session, Role.PATIENT, email="gone@example.org", disabled_at=NOW)
    unlinked = a_patient(session)

    with pytest.raises(Refused, match="Several"):
        find(session, reception, "family@example.org")
    for typed in ("doctor@example.org", "gone@example.org", unlinked.hospital_number, "%", "@"):
        with pytest.raises(Refused, match="can't find"):
            find(session, reception, typed)


def test_staff_without_a_patients_role_act_for_nobody(
    session: Session, reception: Actor, child: Patient
) -> None:
    with pytest.raises(NotFound):
        grant(session, reception, child, an_account(session, Role.NURSE))


def test_a_patient_sees_who_has_access(session: Session, child: Patient) -> None:
    parent = an_account_of(session, child, Relationship.PARENT, ends_on=SIXTEENTH)
    an_account_of(session, child, Relationship.GUARDIAN, ended_at=NOW)
    an_account_of(session, child, Relationship.PARENT, ends_on=NOW.date())

    context = context_for(session, actor_of(parent))
    rows = queries.proxies_of(context, context.patient(Deed.SEE_PROXIES, child.ref))

    assert [(row.name, bool(row.over)) for row in rows][-1] == (parent.name, False)
    assert [bool(row.over) for row in rows] == [True, True, False]


def test_the_list_has_the_patients_for_whom_somebody_acts_today(
    session: Session, child: Patient
) -> None:
    own, former, grown = (a_patient(session, given=name) for name in ("Own", "Former", "Grown"))
    account = an_account_of(session, own)
    relate(session, account, child, Relationship.PARENT, ends_on=SIXTEENTH)
    relate(session, account, former, Relationship.CARER, ended_at=NOW)
    relate(session, account, grown, Relationship.PARENT, ends_on=NOW.date())

    found = people(context_for(session, actor_of(account)))

    assert [person.given for person in found] == ["Own", "Tomás"]
