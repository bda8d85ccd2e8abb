"""What all actions on staff accounts refuse."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff import actions
from portal.administration.staff.directory import Directory
from portal.administration.staff.user_pool import UserPool
from portal.errors import Forbidden, NotFound, Unavailable
from portal.models import Account
from tests.administration.staff.doing import to_roles
from tests.builders import a_clinician, actor_of, an_account, audited_deeds

ACTIONS = [
    (actions.change_roles, to_roles(Role.RECEPTION)),
    (actions.disable, {}),
    (actions.enable, {}),
    (actions.reset_password, {}),
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
    assert "manage staff" not in audited_deeds(database)


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
