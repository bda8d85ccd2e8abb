"""Fixtures of the sign-in's tests."""

from collections.abc import Iterator

import pytest

from portal.signin.development_cognito.settings import DevelopmentCognitoSettings
from tests.signin.provider import Clock, PlainClient, running_provider


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def provider(clock: Clock) -> Iterator[DevelopmentCognitoSettings]:
    with running_provider(now=clock) as settings:
        yield settings


@pytest.fixture
def client(provider: DevelopmentCognitoSettings) -> PlainClient:
    return PlainClient(provider)
