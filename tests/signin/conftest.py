"""A provider of standard behaviour, a portal whose people sign in there, and somebody who does."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.signin.portal_flow import Visit, portal_with
from tests.signin.standard_provider import StandardProvider, running_standard_provider


@pytest.fixture(scope="session")
def _standard() -> Iterator[StandardProvider]:
    with running_standard_provider() as provider:
        yield provider


@pytest.fixture
def standard(_standard: StandardProvider, database: Session) -> Iterator[StandardProvider]:
    """A provider of standard behaviour. What a test changes is taken back."""
    yield _standard
    _standard.claims, _standard.callback_query, _standard.forge = {}, {}, None
    _standard.user_info, _standard.away, _standard.rotates = 404, False, False


@pytest.fixture(scope="session")
def portal(_standard: StandardProvider, database_url: str) -> Iterator[Flask]:
    """A portal whose people sign in at the standard provider."""
    with portal_with(_standard, database_url) as app:
        yield app


@pytest.fixture
def visit(portal: Flask, standard: StandardProvider) -> Visit:
    """Somebody who has not signed in yet."""
    return Visit.to(portal)
