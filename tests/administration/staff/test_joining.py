"""Adding members of staff: the account, its practitioner and clinics, and what is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff import joining, practitioners
from portal.administration.staff.directory import KEPT_ELSEWHERE, Directory
from portal.administration.staff.joining import NewMember, create
from portal.errors import Forbidden, Refused, Unfit
from portal.models import Account, Practitioner, PractitionerRole
from tests.administration.staff.conftest import ISSUER, Cognito
from tests.administration.staff.joining import EMAIL, a_new_member, staff_beside
from tests.builders import (
    a_clinician,
    a_location,
    a_practitioner,
    actor_of,
    an_account,
    audited,
    context_for,
)


def test_reception_needs_no_practitioner(
    database: Session, add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    account = add(a_new_member(Role.RECEPTION, Role.ADMINISTRATOR))

    assert (account.issuer, account.email) == (ISSUER, EMAIL)
    assert account.roles == {Role.RECEPTION, Role.ADMINISTRATOR}
    assert account.practitioner_id is None
    assert account.username == account.subject
    assert cognito.groups(account.subject) == {"reception", "administrator"}
    assert cognito.status(account.subject) == "FORCE_CHANGE_PASSWORD"
    (entry,) = audited(database)
    assert (entry.deed, entry.entity) == ("manage staff", f"Account/{account.ref}")
    assert entry.detail == {"step": "create", "roles": "administrator reception"}


def test_a_doctor_becomes_a_practitioner(
    database: Session, add: Callable[[NewMember], Account]
) -> None:
    clinics = [a_location(database), a_location(database)]
    refs = frozenset(clinic.ref for clinic in clinics)

    account = add(a_new_member(Role.DOCTOR, location_refs=refs, specialty="Dermatology"))

    practitioner = database.get_one(Practitioner, account.practitioner_id)
    assert (practitioner.name, practitioner.specialty) == ("Dr Grace Lindqvist", "Dermatology")
    assert {role.location_id for role in practitioner.locations} == {c.id for c in clinics}


def test_an_existing_practitioner_gets_the_account(
    database: Session, add: Callable[[NewMember], Account]
) -> None:
    old, added = a_location(database), a_location(database)
    practitioner = a_practitioner(database, [old])
    refs = frozenset({old.ref, added.ref})

    account = add(a_new_member(Role.NURSE, ref=practitioner.ref, location_refs=refs))

    assert account.practitioner_id == practitioner.id
    places = database.scalars(select(PractitionerRole.location_id))
    assert set(places) == {old.id, added.id}


def misfit(add: Callable[[NewMember], Account], new: NewMember) -> Unfit:
    with pytest.raises(Unfit) as fault:
        add(new)
    return fault.value


def test_wrong_input_is_refused_and_no_email_is_sent(
    database: Session, add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    taken = a_clinician(database, Role.DOCTOR)[1].ref
    gone = a_practitioner(database, active=False).ref
    closed = frozenset({a_location(database, active=False).ref})

    assert misfit(add, a_new_member()).field == "roles"
    assert misfit(add, a_new_member(Role.PATIENT)).field == "roles"
    assert misfit(add, a_new_member(Role.DOCTOR)).message == practitioners.NO_CLINIC
    assert misfit(add, a_new_member(Role.DOCTOR, location_refs=closed)).field == "locations"
    for ref in (taken, gone, "0" * 20):
        assert misfit(add, a_new_member(Role.DOCTOR, ref=ref)).field == "practitioner"
    assert cognito.emails() == []


def test_a_second_account_for_an_address_is_refused(
    add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    first = add(a_new_member(Role.RECEPTION))

    assert misfit(add, a_new_member(Role.ADMINISTRATOR)).message == joining.TAKEN
    assert cognito.groups(first.subject) == {"reception"}


def test_a_patients_account_does_not_become_an_account_of_staff(
    database: Session, add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    subject = cognito.register(EMAIL, verified=True)
    an_account(database, Role.PATIENT, issuer=ISSUER, subject=subject)
    database.commit()

    assert misfit(add, a_new_member(Role.RECEPTION)).message == joining.A_PATIENTS
    assert cognito.groups(subject) == set()


def test_an_address_that_somebody_else_registered_is_not_adopted(
    database: Session,
    administrator: Account,
    add: Callable[[NewMember], Account],
    cognito: Cognito,
) -> None:
    """The person who registered it knows its password, and would become a member of staff."""
    subject = cognito.register(EMAIL, verified=False)

    assert misfit(add, a_new_member(Role.RECEPTION)).message == joining.UNCONFIRMED

    assert cognito.groups(subject) == set()
    assert staff_beside(database, administrator) == []


def test_accounts_of_another_provider_are_not_made_here(
    database: Session, administrator: Account, directory: Directory
) -> None:
    elsewhere = replace(directory, pool=None)

    with pytest.raises(Refused, match=KEPT_ELSEWHERE):
        create(
            context_for(database, actor_of(administrator)), a_new_member(Role.RECEPTION), elsewhere
        )


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_only_administrators_may_add_staff(
    database: Session, directory: Directory, cognito: Cognito, role: Role
) -> None:
    context = context_for(database, actor_of(an_account(database, role)))

    with pytest.raises(Forbidden):
        create(context, a_new_member(Role.RECEPTION), directory)

    assert cognito.emails() == []


def test_a_new_practitioner_is_audited_as_on_the_page_of_practitioners(
    database: Session, add: Callable[[NewMember], Account]
) -> None:
    clinic = a_location(database)
    database.commit()

    account = add(a_new_member(Role.DOCTOR, location_refs=frozenset({clinic.ref})))

    practitioner = database.get_one(Practitioner, account.practitioner_id)
    of = Practitioner.reference(practitioner.ref)
    steps = [entry.detail for entry in audited(database, of=of)]
    assert steps == [{"step": "add"}]


def test_a_practitioner_who_gets_a_clinic_is_audited_too(
    database: Session, add: Callable[[NewMember], Account]
) -> None:
    clinic = a_location(database)
    practitioner = a_practitioner(database, [a_location(database)])
    database.commit()

    add(a_new_member(Role.NURSE, ref=practitioner.ref, location_refs=frozenset({clinic.ref})))

    of = Practitioner.reference(practitioner.ref)
    steps = [entry.detail for entry in audited(database, of=of)]
    assert steps == [{"step": "add clinics", "clinics": 1}]
