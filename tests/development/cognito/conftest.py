"""A development provider whose clock a test sets, a client that signs in there, and boto3."""

from collections.abc import Iterator

import boto3
import botocore.session
import pytest
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from portal.development.cognito.settings import DevelopmentCognitoSettings
from tests.development.cognito.provider import Clock, PlainClient, running_provider


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
def identity(
    provider: DevelopmentCognitoSettings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CognitoIdentityProviderClient]:
    """boto3 as in the portal: only the environment says where Cognito is."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", provider.domain)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "development")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "development")
    session = boto3.Session(botocore_session=botocore.session.Session(), region_name="eu-west-2")
    client = session.client("cognito-idp")
    yield client
    client.close()


@pytest.fixture
def pool(provider: DevelopmentCognitoSettings) -> str:
    return provider.pool_id
