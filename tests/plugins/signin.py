"""Fixtures: a portal that really listens, a sign-in beside it, and signing in through the real pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.development.cognito.people import NamedPerson
from portal.development.cognito.settings import DevelopmentCognitoSettings
from portal.settings.unsafe import COGNITO_ENDPOINT
from portal.signin.provider import CALLBACK
from tests.development.cognito.provider import running_provider
from tests.serving import listening, serving
from tests.settings import settings_for


@dataclass(frozen=True)
class LivePortal:
    """A portal on loopback. `cognito` is where its people sign in."""

    url: str
    app: Flask
    cognito: DevelopmentCognitoSettings


@contextmanager
def live_portal_over(
    database_url: str, *, knows_its_pool: bool = False, **environment: str
) -> Iterator[LivePortal]:
    """A portal over the database with its own development Cognito.

    One that knows its user pool asks it for everybody's second step.
    """
    with listening() as (found, url):
        addresses = {"callback_urls": (url + CALLBACK,), "logout_urls": (f"{url}/signed-out",)}
        with running_provider(**addresses) as cognito:
            told = {
                "PORTAL_URL": url,
                "OIDC_ISSUER": cognito.issuer,
                "OIDC_CLIENT_ID": cognito.client_id,
                "OIDC_CLIENT_SECRET": cognito.client_secret,
            }
            if knows_its_pool:
                told |= {"COGNITO_USER_POOL_ID": cognito.pool_id, COGNITO_ENDPOINT: cognito.domain}
            app = create_app(settings_for(database_url, **told, **environment))
            with serving(app, found):
                yield LivePortal(url, app, cognito)
            with app.app_context():
                db.engine.dispose()


@pytest.fixture(scope="session")
def _live_portal(database_url: str) -> Iterator[LivePortal]:
    with live_portal_over(database_url) as live:
        yield live


@pytest.fixture
def live_portal(_live_portal: LivePortal, database: Session) -> LivePortal:
    """The worker's listening portal; its tables are emptied after the test."""
    return _live_portal


@pytest.fixture
def development_cognito(live_portal: LivePortal) -> DevelopmentCognitoSettings:
    """Where the people of `live_portal` sign in."""
    return live_portal.cognito


def sign_in_as(page: Page, person: NamedPerson, portal_url: str) -> None:
    """Sign in on the real pages, from the portal's front door to the first page behind it."""
    page.goto(f"{portal_url}/sign-in")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=f"Sign in as {person.name}").click()
    page.get_by_role("button", name="Sign out", exact=True).wait_for()
