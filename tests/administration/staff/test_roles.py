"""Roles change in the portal and in Cognito."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff import actions, rules
from portal.administration.staff.directory import Directory
from portal.errors import Refused, Unfit
from portal.models import Account
from tests.administration.staff.conftest import Cognito
from tests.administration.staff.doing import NOBODY, to_roles
from tests.builders import a_location, a_practitioner, audited


def test_roles_change_here_and_in_cognito(
    database: Session, do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_add_user_to_group(
        UserPoolId=cognito.pool_id, Username=colleague.subject, GroupName="choir"
    )

    do(actions.change_roles, colleague, **to_roles(Role.ADMINISTRATOR))

    assert colleague.roles == {Role.ADMINISTRATOR}
    assert cognito.groups(colleague.subject) == {"administrator", "choir"}
    (entry,) = audited(database)
    assert entry.detail == {
        "step": "change roles",
        "before": "reception",
        "after": "administrator",
    }


def test_new_roles_end_the_sessions_that_began_without_them(
    do: Callable[..., Any], colleague: Account, sign_in: Callable[[Account], FlaskClient]
) -> None:
    at_work = sign_in(colleague)
    assert at_work.get("/sign-ins").status_code == 200

    do(actions.change_roles, colleague, **to_roles(Role.ADMINISTRATOR))

    assert at_work.get("/sign-ins").status_code == 302


def test_groups_that_mean_the_same_role_are_left_alone(
    do: Callable[..., Any], colleague: Account, cognito: Cognito, directory: Directory
) -> None:
    mapping = {"desk": Role.RECEPTION, "reception": Role.RECEPTION, "nurse": Role.NURSE}

    do(
        actions.change_roles,
        colleague,
        **to_roles(Role.RECEPTION),
        directory=replace(directory, role_of_group=mapping),
    )

    assert cognito.groups(colleague.subject) == {"reception"}


def test_a_new_nurse_needs_a_practitioner(
    database: Session, do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    clinic = a_location(database)
    practitioner = a_practitioner(database, [clinic])
    database.commit()
    for choice in (None, NOBODY):
        with pytest.raises(Unfit):
            do(actions.change_roles, colleague, **to_roles(Role.NURSE, choice=choice))
    assert cognito.groups(colleague.subject) == {"reception"}

    linked = replace(NOBODY, ref=practitioner.ref)
    do(actions.change_roles, colleague, **to_roles(Role.NURSE, choice=linked))

    assert colleague.practitioner_id == practitioner.id


def test_a_clinician_keeps_their_practitioner(
    database: Session, do: Callable[..., Any], colleague: Account
) -> None:
    colleague.practitioner_id = a_practitioner(database).id
    database.commit()

    do(actions.change_roles, colleague, **to_roles(Role.DOCTOR, Role.RECEPTION))

    assert colleague.role_values == "doctor reception"


def test_nobody_locks_themselves_out(
    do: Callable[..., Any], administrator: Account, database: Session
) -> None:
    with pytest.raises(Refused, match=rules.OWN_ACCOUNT):
        do(actions.disable, administrator)
    with pytest.raises(Unfit, match="give up being"):
        do(actions.change_roles, administrator, **to_roles(Role.RECEPTION))

    assert administrator.roles == {Role.ADMINISTRATOR}
    assert administrator.disabled_at is None


def test_an_administrator_may_have_more_roles(
    do: Callable[..., Any], administrator: Account, cognito: Cognito, database: Session
) -> None:
    administrator.username = cognito.register("wei-ling@hospital.example", verified=True)
    database.commit()

    do(
        actions.change_roles,
        administrator,
        **to_roles(Role.ADMINISTRATOR, Role.RECEPTION),
    )

    assert administrator.role_values == "administrator reception"
