"""An emulated user pool, the directory over it, an administrator, and what the administrator does."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from flask import Flask
from flask.testing import FlaskClient
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import STAFF, Role
from portal.administration.staff.directory import Directory
from portal.administration.staff.joining import NewMember, create
from portal.administration.staff.user_pool import UserPool
from portal.administration.staff.views import DIRECTORY
from portal.models import Account
from tests.builders import actor_of, an_account, context_for, seen_now
from tests.emulated_aws import EmulatedAws

ISSUER = "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_example"


class Cognito:
    """What a test looks up in the emulated pool, or changes in it without the portal."""

    def __init__(self, client: CognitoIdentityProviderClient, pool_id: str) -> None:
        self.client = client
        self.pool_id = pool_id

    def groups(self, username: str) -> set[str]:
        answer = self.client.admin_list_groups_for_user(UserPoolId=self.pool_id, Username=username)
        return {group["GroupName"] for group in answer["Groups"]}

    def is_enabled(self, username: str) -> bool:
        answer = self.client.admin_get_user(UserPoolId=self.pool_id, Username=username)
        return answer["Enabled"]

    def status(self, username: str) -> str:
        answer = self.client.admin_get_user(UserPoolId=self.pool_id, Username=username)
        return answer["UserStatus"]

    def emails(self) -> list[str]:
        users = self.client.list_users(UserPoolId=self.pool_id)["Users"]
        return [
            attribute["Value"]
            for user in users
            for attribute in user["Attributes"]
            if attribute["Name"] == "email"
        ]

    def choose_password(self, username: str) -> None:
        """Sets the password, as the person does at the first sign-in."""
        self.client.admin_set_user_password(
            UserPoolId=self.pool_id, Username=username, Password="Secret-123", Permanent=True
        )

    def register(self, email: str, *, verified: bool) -> str:
        """Somebody registers by themselves; returns their subject."""
        attributes = [
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": str(verified).lower()},
        ]
        user = self.client.admin_create_user(
            UserPoolId=self.pool_id,
            Username=email,
            UserAttributes=attributes,  # type: ignore[arg-type]
            MessageAction="SUPPRESS",
        )["User"]
        self.choose_password(user["Username"])
        return user["Username"]


@pytest.fixture
def cognito(aws: EmulatedAws) -> Cognito:
    client = boto3.client("cognito-idp")
    pool = client.create_user_pool(PoolName="staff", UsernameAttributes=["email"])["UserPool"]
    for role in STAFF:
        client.create_group(UserPoolId=pool["Id"], GroupName=role.value)
    client.create_group(UserPoolId=pool["Id"], GroupName="choir")
    return Cognito(client, pool["Id"])


@pytest.fixture
def directory(
    aws: EmulatedAws, cognito: Cognito, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Directory:
    """The portal's directory, over the emulated pool."""
    roles = {role.value: role for role in STAFF}
    found = Directory(UserPool(cognito.pool_id, aws.url), ISSUER, roles)
    monkeypatch.setitem(app.extensions, DIRECTORY, found)
    return found


@pytest.fixture
def administrator(database: Session) -> Account:
    account = an_account(database, Role.ADMINISTRATOR, name="Wei-Ling Chen")
    database.commit()
    return account


@pytest.fixture
def colleague(database: Session, cognito: Cognito) -> Account:
    """A receptionist who is in the pool, with their own password."""
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
        by = facts.pop("by", actor_of(administrator))
        context = context_for(database, by)
        outcome = action(context, account=seen_now(account), **{"directory": directory, **facts})
        database.commit()
        database.refresh(account)
        return outcome

    return act


@pytest.fixture
def browser(
    administrator: Account, directory: Directory, sign_in: Callable[[Account], FlaskClient]
) -> FlaskClient:
    return sign_in(administrator)


@pytest.fixture
def add(
    database: Session, administrator: Account, directory: Directory
) -> Callable[[NewMember], Account]:
    def add_and_commit(new: NewMember) -> Account:
        ref = create(context_for(database, actor_of(administrator)), new, directory)
        database.commit()
        return database.scalars(select(Account).where(Account.ref == ref)).one()

    return add_and_commit
