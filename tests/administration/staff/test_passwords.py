"""Resetting the password of a member of staff."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.administration.staff import actions
from portal.errors import Refused
from portal.models import Account
from tests.administration.staff.conftest import Cognito
from tests.builders import audited


def test_resetting_a_password_signs_out(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    cognito: Cognito,
    sign_in: Callable[[Account], FlaskClient],
) -> None:
    browser = sign_in(colleague)

    assert do(actions.reset_password, colleague) is False

    assert cognito.status(colleague.subject) == "RESET_REQUIRED"
    assert browser.get("/sign-ins").status_code == 302


def test_who_never_signed_in_is_invited_again(
    database: Session, do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_set_user_password(
        UserPoolId=cognito.pool_id,
        Username=colleague.subject,
        Password="Secret-123",
        Permanent=False,
    )
    assert cognito.status(colleague.subject) == "FORCE_CHANGE_PASSWORD"

    assert do(actions.reset_password, colleague) is True
    (entry,) = audited(database)
    assert (entry.entity, entry.detail) == (f"Account/{colleague.ref}", {"step": "invite again"})


def test_a_disabled_account_is_not_reset(
    do: Callable[..., Any], colleague: Account, database: Session
) -> None:
    colleague.disabled_at = datetime.now(UTC)
    database.commit()

    with pytest.raises(Refused, match=actions.DISABLED):
        do(actions.reset_password, colleague)
