"""Adding a member of staff when something breaks in the middle."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.administration.staff.directory import Directory
from portal.administration.staff.joining import NewMember, create
from portal.administration.staff.user_pool import UserPool
from portal.errors import Unavailable
from portal.models import Account, Practitioner
from tests.administration.staff.conftest import Cognito
from tests.administration.staff.joining import EMAIL, a_new_member, staff_beside
from tests.builders import a_location, actor_of, context_for

CALLS = (
    "admin_create_user",
    "admin_list_groups_for_user",
    "admin_add_user_to_group",
)


class Broken(UserPool):
    """Fails at one call: before it reaches Cognito, or after it, when the answer is lost."""

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
def test_after_a_crash_at_any_point_a_second_try_succeeds(
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
        create(context_for(database, actor_of(administrator)), new, crashing)
    assert staff_beside(database, administrator) == []

    account = add(new)

    assert cognito.emails() == [EMAIL]
    assert cognito.groups(account.subject) == {"reception", "administrator"}


def test_after_a_crash_before_the_commit_a_second_try_succeeds(
    database: Session,
    administrator: Account,
    directory: Directory,
    add: Callable[[NewMember], Account],
    cognito: Cognito,
) -> None:
    new = a_new_member(Role.DOCTOR, location_refs=frozenset({a_location(database).ref}))
    database.commit()
    create(context_for(database, actor_of(administrator)), new, directory)
    database.rollback()

    account = add(new)

    assert staff_beside(database, administrator) == [account]
    assert len(database.scalars(select(Practitioner)).all()) == 1
    assert cognito.emails() == [EMAIL]


def test_while_cognito_is_away_nothing_is_saved(
    database: Session, administrator: Account, directory: Directory
) -> None:
    away = replace(directory, pool=UserPool("eu-west-2_example", "http://127.0.0.1:9"))
    new = a_new_member(Role.DOCTOR, location_refs=frozenset({a_location(database).ref}))
    database.commit()

    with pytest.raises(Unavailable):
        create(context_for(database, actor_of(administrator)), new, away)

    assert database.scalars(select(Practitioner)).all() == []
    assert staff_beside(database, administrator) == []


def test_a_pool_without_our_groups_is_refused_as_unavailable(
    database: Session, administrator: Account, directory: Directory, cognito: Cognito
) -> None:
    cognito.client.delete_group(UserPoolId=cognito.pool_id, GroupName="reception")

    with pytest.raises(Unavailable):
        create(
            context_for(database, actor_of(administrator)), a_new_member(Role.RECEPTION), directory
        )
