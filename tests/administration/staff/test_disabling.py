"""A disabled account is signed out everywhere, here and in Cognito."""

from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff import actions
from portal.administration.staff.directory import Directory
from portal.errors import Refused
from portal.models import Account, SignInSession
from tests.administration.staff.conftest import Cognito
from tests.builders import NOW, actor_of, an_account, context_for, seen


def test_disabling_ends_everything_at_once(
    database: Session,
    do: Callable[..., Any],
    colleague: Account,
    cognito: Cognito,
    sign_in: Callable[[Account], FlaskClient],
) -> None:
    at_work, at_home = sign_in(colleague), sign_in(colleague)
    assert at_work.get("/sign-ins").status_code == 200

    do(actions.disable, colleague)

    assert at_work.get("/sign-ins").status_code == 302
    assert at_home.get("/sign-ins").status_code == 302
    assert set(database.scalars(select(SignInSession.ended_at))) == {NOW}
    assert colleague.disabled_at == NOW
    assert not cognito.is_enabled(colleague.subject)

    do(actions.enable, colleague)

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

    do(actions.disable, colleague)

    assert browser.get("/sign-ins").status_code == 200


def test_an_account_that_cognito_has_deleted_can_be_disabled(
    do: Callable[..., Any], colleague: Account, cognito: Cognito
) -> None:
    cognito.client.admin_delete_user(UserPoolId=cognito.pool_id, Username=colleague.subject)

    do(actions.disable, colleague)

    assert colleague.disabled_at == NOW


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
                actions.disable(
                    context_for(session, actor_of(by)),
                    account=seen(other),
                    directory=directory,
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
    assert refusals == [actions.OVERTAKEN]


def test_without_a_pool_disabling_still_works(
    do: Callable[..., Any], colleague: Account, directory: Directory
) -> None:
    elsewhere = replace(directory, pool=None)

    do(actions.disable, colleague, directory=elsewhere)
    assert colleague.disabled_at == NOW
    do(actions.enable, colleague, directory=elsewhere)
    assert colleague.disabled_at is None
    with pytest.raises(Refused):
        do(actions.reset_password, colleague, directory=elsewhere)
