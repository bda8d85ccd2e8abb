"""Adding members of staff, also when something breaks in the middle."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration import joining_actions, practitioners
from portal.administration.directory import KEPT_ELSEWHERE, Directory
from portal.administration.joining_actions import NewMember, create
from portal.administration.practitioners import PractitionerChoice
from portal.administration.user_pool import UserPool
from portal.errors import Forbidden, Refused, Unavailable, Unfit
from portal.models import Account, AuditEvent, Practitioner, PractitionerRole
from tests.administration.conftest import ISSUER, Cognito
from tests.hospital import (
    NOW,
    a_clinician,
    a_location,
    a_practitioner,
    actor_of,
    an_account,
)

EMAIL = "grace.lindqvist@hospital.example"
NOBODY = PractitionerChoice("", "", "", "", "", frozenset())


def a_new_member(*roles: Role, **choice: Any) -> NewMember:
    facts = {"prefix": "Dr", "given": "Grace", "family": "Lindqvist", **choice}
    return NewMember("Dr Grace Lindqvist", EMAIL, frozenset(roles), replace(NOBODY, **facts))


@pytest.fixture
def add(
    database: Session, administrator: Account, directory: Directory
) -> Callable[[NewMember], Account]:
    def add_and_commit(new: NewMember) -> Account:
        by = actor_of(administrator)
        ref = create(database, by=by, new=new, directory=directory, now=NOW)
        database.commit()
        return database.scalars(select(Account).where(Account.ref == ref)).one()

    return add_and_commit


def staff_beside(database: Session, administrator: Account) -> list[Account]:
    database.rollback()
    return list(database.scalars(select(Account).where(Account.id != administrator.id)))


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
    entry = database.scalars(select(AuditEvent)).one()
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


def test_a_practitioner_who_was_there_gets_the_account(
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


def test_what_does_not_fit_reaches_nobody(
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


def test_a_second_account_for_an_address(
    add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    first = add(a_new_member(Role.RECEPTION))

    assert misfit(add, a_new_member(Role.ADMINISTRATOR)).message == joining_actions.TAKEN
    assert cognito.groups(first.subject) == {"reception"}


def test_a_patients_account_is_not_made_a_doctors(
    database: Session, add: Callable[[NewMember], Account], cognito: Cognito
) -> None:
    subject = cognito.register(EMAIL, verified=True)
    an_account(database, Role.PATIENT, issuer=ISSUER, subject=subject)
    database.commit()

    assert misfit(add, a_new_member(Role.RECEPTION)).message == joining_actions.A_PATIENTS
    assert cognito.groups(subject) == set()


def test_an_address_that_somebody_else_registered_is_not_adopted(
    database: Session,
    administrator: Account,
    add: Callable[[NewMember], Account],
    cognito: Cognito,
) -> None:
    """Whoever registered it knows its password, and would become a member of staff."""
    subject = cognito.register(EMAIL, verified=False)

    assert misfit(add, a_new_member(Role.RECEPTION)).message == joining_actions.UNCONFIRMED

    assert cognito.groups(subject) == set()
    assert staff_beside(database, administrator) == []


CALLS = (
    "admin_create_user",
    "admin_list_groups_for_user",
    "admin_add_user_to_group",
)


class Broken(UserPool):
    """Breaks at one call: before it reaches Cognito, or after, when the answer is lost."""

    def __init__(self, pool_id: str, endpoint: str | None, at: str, *, after: bool) -> None:
        super().__init__(pool_id, endpoint)

        def fail(**_: Any) -> None:
            raise KeyboardInterrupt

        event = {
            "admin_create_user": "AdminCreateUser",
            "admin_list_groups_for_user": "AdminListGroupsForUser",
            "admin_add_user_to_group": "AdminAddUserToGroup",
        }[at]
        moment = "after-call" if after else "before-call"
        self._client.meta.events.register(f"{moment}.cognito-identity-provider.{event}", fail)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", CALLS)
def test_a_crash_at_any_point_is_mended_by_a_second_try(
    database: Session,
    administrator: Account,
    directory: Directory,
    add: Callable[[NewMember], Account],
    cognito: Cognito,
    at: str,
    after: bool,
) -> None:
    new = a_new_member(Role.RECEPTION, Role.ADMINISTRATOR)
    assert directory.pool is not None
    broken = Broken(cognito.pool_id, directory.pool._endpoint, at, after=after)
    crashing = replace(directory, pool=broken)
    with pytest.raises(KeyboardInterrupt):
        create(database, by=actor_of(administrator), new=new, directory=crashing, now=NOW)
    assert staff_beside(database, administrator) == []

    account = add(new)

    assert cognito.emails() == [EMAIL]
    assert cognito.groups(account.subject) == {"reception", "administrator"}


def test_a_crash_before_the_commit_is_mended_too(
    database: Session,
    administrator: Account,
    directory: Directory,
    add: Callable[[NewMember], Account],
    cognito: Cognito,
) -> None:
    new = a_new_member(Role.DOCTOR, location_refs=frozenset({a_location(database).ref}))
    database.commit()
    create(database, by=actor_of(administrator), new=new, directory=directory, now=NOW)
    database.rollback()

    account = add(new)

    assert staff_beside(database, administrator) == [account]
    assert len(database.scalars(select(Practitioner)).all()) == 1
    assert cognito.emails() == [EMAIL]


def test_while_cognito_is_away_nothing_is_kept(
    database: Session, administrator: Account, directory: Directory
) -> None:
    away = replace(directory, pool=UserPool("eu-west-2_example", "http://127.0.0.1:9"))
    new = a_new_member(Role.DOCTOR, location_refs=frozenset({a_location(database).ref}))
    database.commit()

    with pytest.raises(Unavailable):
        create(database, by=actor_of(administrator), new=new, directory=away, now=NOW)

    assert database.scalars(select(Practitioner)).all() == []
    assert staff_beside(database, administrator) == []


def test_a_pool_without_our_groups_is_a_fault_of_the_setup(
    database: Session, administrator: Account, directory: Directory, cognito: Cognito
) -> None:
    cognito.client.delete_group(UserPoolId=cognito.pool_id, GroupName="reception")

    with pytest.raises(Unavailable):
        create(
            database,
            by=actor_of(administrator),
            new=a_new_member(Role.RECEPTION),
            directory=directory,
            now=NOW,
        )


def test_another_provider_keeps_its_own_accounts(
    database: Session, administrator: Account, directory: Directory
) -> None:
    elsewhere = replace(directory, pool=None)

    with pytest.raises(Refused, match=KEPT_ELSEWHERE):
        create(
            database,
            by=actor_of(administrator),
            new=a_new_member(Role.RECEPTION),
            directory=elsewhere,
            now=NOW,
        )


@pytest.mark.parametrize("role", [Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.RECEPTION])
def test_nobody_else_may(
    database: Session, directory: Directory, cognito: Cognito, role: Role
) -> None:
    by = actor_of(an_account(database, role))

    with pytest.raises(Forbidden):
        create(database, by=by, new=a_new_member(Role.RECEPTION), directory=directory, now=NOW)

    assert cognito.emails() == []
