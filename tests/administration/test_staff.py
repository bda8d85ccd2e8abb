"""What is done to members of staff: roles, disabling, passwords."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration import rules, staff_actions
from portal.administration.directory import Directory
from portal.administration.practitioners import PractitionerChoice
from portal.administration.user_pool import UserPool
from portal.errors import Forbidden, NotFound, Refused, Unavailable, Unfit
from portal.models import Account, AuditEvent, SignInSession
from tests.administration.conftest import ISSUER, Cognito
from tests.hospital import NOW, a_clinician, a_location, a_practitioner, actor_of, an_account

NOBODY = PractitionerChoice("", "", "Sian", "Davies", "", frozenset())


@pytest.fixture
def colleague(database: Session, cognito: Cognito) -> Account:
    """A receptionist who is in the pool, with a password of their own."""
    subject = cognito.register("sian@hospital.example", verified=True)
    cognito.client.admin_add_user_to_group(
        UserPoolId=cognito.pool_id, Username=subject, GroupName="reception"
    )
    account = an_account(
        database,
        Role.RECEPTION,
        issuer=ISSUER,
        subject=subject,
        username=subject,
        email="sian@hospital.example",
    )
    database.commit()
    return account


@pytest.fixture
def do(database: Session, administrator: Account, directory: Directory) -> Callable[..., Any]:
    """Does something to an account as the administrator, and commits."""

    def act(action: Callable[..., Any], account: Account, **facts: Any) -> Any:
        known = {"by": actor_of(administrator), "directory": directory, "now": NOW}
        outcome = action(database, ref=account.ref, **{**known, **facts})
        database.commit()
        database.refresh(account)
        return outcome

    return act


def to_roles(*roles: Role, choice: PractitionerChoice | None = None) -> dict[str, Any]:
    return {"roles": frozenset(roles), "practitioner": choice}


def test_roles_change_here_and_in_cognito(
    database: Session, do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_add_user_to_group(
        UserPoolId=cognito.pool_id, Username=colleague.subject, GroupName="choir"
    )

    do(staff_actions.change_roles, colleague, **to_roles(Role.ADMINISTRATOR))

    assert colleague.roles == {Role.ADMINISTRATOR}
    assert cognito.groups(colleague.subject) == {"administrator", "choir"}
    entry = database.scalars(select(AuditEvent)).one()
    assert entry.detail == {
        "step": "change roles",
        "before": "reception",
        "after": "administrator",
    }


def test_groups_that_mean_the_same_role_are_left_alone(
    do: Callable[..., Any], colleague: Account, cognito: Cognito, directory: Directory
) -> None:
    mapping = {"desk": Role.RECEPTION, "reception": Role.RECEPTION, "nurse": Role.NURSE}

    do(
        staff_actions.change_roles,
        colleague,
        **to_roles(Role.RECEPTION),
        directory=replace(directory, role_of_group=mapping),
    )

    assert cognito.groups(colleague.subject) == {"reception"}


def test_who_becomes_a_nurse_needs_a_practitioner(
    database: Session, do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    clinic = a_location(database)
    practitioner = a_practitioner(database, [clinic])
    database.commit()
    for choice in (None, NOBODY):
        with pytest.raises(Unfit):
            do(staff_actions.change_roles, colleague, **to_roles(Role.NURSE, choice=choice))
    assert cognito.groups(colleague.subject) == {"reception"}

    linked = replace(NOBODY, ref=practitioner.ref)
    do(staff_actions.change_roles, colleague, **to_roles(Role.NURSE, choice=linked))

    assert colleague.practitioner_id == practitioner.id


def test_a_clinician_keeps_their_practitioner(
    database: Session, do: Callable[..., Any], colleague: Account
) -> None:
    colleague.practitioner_id = a_practitioner(database).id
    database.commit()

    do(staff_actions.change_roles, colleague, **to_roles(Role.DOCTOR, Role.RECEPTION))

    assert colleague.role_values == "doctor reception"


def test_disabling_ends_everything_at_once(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    cognito: Cognito,
    sign_in: Callable[[Account], FlaskClient],
) -> None:
    at_work, at_home = sign_in(colleague), sign_in(colleague)
    assert at_work.get("/sign-ins").status_code == 200

    do(staff_actions.disable, colleague)

    assert at_work.get("/sign-ins").status_code == 302
    assert at_home.get("/sign-ins").status_code == 302
    assert set(database.scalars(select(SignInSession.ended_at))) == {NOW}
    assert colleague.disabled_at == NOW
    assert not cognito.is_enabled(colleague.subject)

    do(staff_actions.enable, colleague)

    assert colleague.disabled_at is None
    assert cognito.is_enabled(colleague.subject)
    assert at_work.get("/sign-ins").status_code == 302, "an ended sign-in stays ended"
    assert sign_in(colleague).get("/sign-ins").status_code == 200


def test_others_stay_signed_in(
    database: Session,
    do: Callable[..., Any],
    administrator: Account,
    colleague: Account,
    sign_in: Callable[[Account], FlaskClient],
) -> None:
    browser = sign_in(administrator)

    do(staff_actions.disable, colleague)

    assert browser.get("/sign-ins").status_code == 200


def test_somebody_whom_cognito_does_not_know_any_more_can_be_disabled(
    do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_delete_user(UserPoolId=cognito.pool_id, Username=colleague.subject)

    do(staff_actions.disable, colleague)

    assert colleague.disabled_at == NOW


def test_nobody_locks_themselves_out(
    do: Callable[..., Any], administrator: Account, database: Session
) -> None:
    with pytest.raises(Refused, match=rules.OWN_ACCOUNT):
        do(staff_actions.disable, administrator)
    with pytest.raises(Unfit, match="give up being"):
        do(staff_actions.change_roles, administrator, **to_roles(Role.RECEPTION))

    assert administrator.roles == {Role.ADMINISTRATOR}
    assert administrator.disabled_at is None


def test_an_administrator_may_have_more_roles(
    do: Callable[..., Any], administrator: Account, cognito: Cognito, database: Session
) -> None:
    administrator.username = cognito.register("wei-ling@hospital.example", verified=True)
    database.commit()

    do(
        staff_actions.change_roles,
        administrator,
        **to_roles(Role.ADMINISTRATOR, Role.RECEPTION),
    )

    assert administrator.role_values == "administrator reception"


def test_two_administrators_who_disable_each_other_leave_one(
    database: Session, engine: Engine, cognito: Cognito, directory: Directory
) -> None:
    pair = []
    for number in range(2):
        subject = cognito.register(f"admin{number}@hospital.example", verified=True)
        pair.append(an_account(database, Role.ADMINISTRATOR, subject=subject, username=subject))
    database.commit()
    start, refusals = Barrier(2), []

    def disable(by: Account, other: Account) -> None:
        start.wait()
        with Session(engine) as session:
            try:
                staff_actions.disable(
                    session, by=actor_of(by), ref=other.ref, directory=directory, now=NOW
                )
                session.commit()
            except Refused as refusal:
                refusals.append(refusal.message)

    threads = [Thread(target=disable, args=order) for order in (pair, pair[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    database.rollback()
    disabled = database.scalars(select(Account.disabled_at)).all()
    assert sorted(disabled, key=str) == [NOW, None]
    assert refusals == [staff_actions.OVERTAKEN]


def test_resetting_a_password_signs_out(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    cognito: Cognito,
    sign_in: Callable[[Account], FlaskClient],
) -> None:
    browser = sign_in(colleague)

    assert do(staff_actions.reset_password, colleague) is False

    assert cognito.status(colleague.subject) == "RESET_REQUIRED"
    assert browser.get("/sign-ins").status_code == 302


def test_who_never_signed_in_is_invited_again(
    do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_set_user_password(
        UserPoolId=cognito.pool_id,
        Username=colleague.subject,
        Password="Secret-123",
        Permanent=False,
    )
    assert cognito.status(colleague.subject) == "FORCE_CHANGE_PASSWORD"

    assert do(staff_actions.reset_password, colleague) is True


def test_a_disabled_account_is_not_reset(
    do: Callable[..., Any], colleague: Account, database: Session
) -> None:
    colleague.disabled_at = datetime.now(UTC)
    database.commit()

    with pytest.raises(Refused, match=staff_actions.DISABLED):
        do(staff_actions.reset_password, colleague)


ACTIONS = [
    (staff_actions.change_roles, to_roles(Role.RECEPTION)),
    (staff_actions.disable, {}),
    (staff_actions.enable, {}),
    (staff_actions.reset_password, {}),
]


@pytest.mark.parametrize(("action", "facts"), ACTIONS)
def test_a_patients_account_is_not_staff(
    database: Session, do: Callable[..., Any], action: Any, facts: dict[str, Any]
) -> None:
    patient = an_account(database, Role.PATIENT)
    database.commit()

    with pytest.raises(NotFound):
        do(action, patient, **facts)


@pytest.mark.parametrize(("action", "facts"), ACTIONS)
def test_while_cognito_is_away_nothing_changes(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    directory: Directory,
    sign_in: Callable[[Account], FlaskClient],
    action: Any,
    facts: dict[str, Any],
) -> None:
    browser = sign_in(colleague)
    away = replace(directory, pool=UserPool("eu-west-2_example", "http://127.0.0.1:9"))

    with pytest.raises(Unavailable):
        do(action, colleague, **facts, directory=away)
    database.rollback()
    database.refresh(colleague)

    assert (colleague.role_values, colleague.disabled_at) == ("reception", None)
    assert browser.get("/sign-ins").status_code == 200
    assert "manage staff" not in set(database.scalars(select(AuditEvent.deed)))


@pytest.mark.parametrize(("action", "facts"), ACTIONS)
def test_only_administrators_may(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    action: Any,
    facts: dict[str, Any],
) -> None:
    doctor, _ = a_clinician(database, Role.DOCTOR)

    with pytest.raises(Forbidden):
        do(action, colleague, **facts, by=actor_of(doctor))


def test_without_a_pool_disabling_still_works(
    do: Callable[..., Any], colleague: Account, directory: Directory
) -> None:
    elsewhere = replace(directory, pool=None)

    do(staff_actions.disable, colleague, directory=elsewhere)
    assert colleague.disabled_at == NOW
    do(staff_actions.enable, colleague, directory=elsewhere)
    assert colleague.disabled_at is None
    with pytest.raises(Refused):
        do(staff_actions.reset_password, colleague, directory=elsewhere)
