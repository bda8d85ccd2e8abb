"""Fixtures of the sign-in's tests."""

from collections.abc import Iterator
from uuid import uuid4

import boto3
import botocore.session
import pytest
from flask import Flask
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
from sqlalchemy.orm import Session

from portal.signin.development_cognito.settings import DevelopmentCognitoSettings
from tests.plugins.signin import LivePortal, live_portal_over
from tests.signin.portal_flow import Visit, portal_with
from tests.signin.provider import Clock, PlainClient, running_provider
from tests.signin.second_step_flow import cognito_of
from tests.signin.standard_provider import StandardProvider, running_standard_provider


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Iterator[DevelopmentCognitoSettings]:
    with running_provider(now=clock) as settings:
        yield settings


@pytest.fixture
def caller(provider: DevelopmentCognitoSettings) -> PlainClient:
    return PlainClient(provider)


@pytest.fixture
def identity(provider, monkeypatch) -> Iterator[CognitoIdentityProviderClient]:
    """boto3 as the portal has it: told by the environment alone where Cognito is."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", provider.domain)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "development")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "development")
    session = boto3.Session(botocore_session=botocore.session.Session(), region_name="eu-west-2")
    client = session.client("cognito-idp")
    yield client
    client.close()


@pytest.fixture
def pool(provider) -> str:
    return provider.pool_id


@pytest.fixture(scope="session")
def _standard() -> Iterator[StandardProvider]:
    with running_standard_provider() as provider:
        yield provider


@pytest.fixture
def standard(_standard: StandardProvider, database: Session) -> Iterator[StandardProvider]:
    """A provider of standard behaviour. What a test changes is taken back."""
    yield _standard
    _standard.claims, _standard.callback_query, _standard.forge = {}, {}, None
    _standard.user_info, _standard.away = 404, False


@pytest.fixture(scope="session")
def portal(_standard: StandardProvider, database_url: str) -> Iterator[Flask]:
    """A portal whose people sign in at the standard provider."""
    with portal_with(_standard, database_url) as app:
        yield app


@pytest.fixture
def visit(portal: Flask, standard: StandardProvider) -> Visit:
    """Somebody who has not signed in yet."""
    return Visit.to(portal)


@pytest.fixture(scope="module")
def _hospital(database_url: str) -> Iterator[LivePortal]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "development")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "development")
        with live_portal_over(database_url, knows_its_pool=True) as live:
            yield live


@pytest.fixture
def hospital(_hospital: LivePortal, database: Session) -> LivePortal:
    return _hospital


@pytest.fixture
def nurse(hospital: LivePortal) -> str:
    """The name of somebody whom an administrator has just made, so without a second step."""
    client, pool = cognito_of(hospital)._client, hospital.cognito.pool_id
    email, name = f"{uuid4().hex}@example.org", f"Nora {uuid4().hex[:6]}"
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": name}]
    client.admin_create_user(UserPoolId=pool, Username=email, UserAttributes=attributes)
    client.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName="nurse")
    return name
