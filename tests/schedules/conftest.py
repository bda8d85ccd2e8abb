"""The clinic of `tests/builders/tuesdays.py`: over a bare session, and as the portal's pages see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import current
from tests.builders import NOW, an_account
from tests.builders.tuesdays import Clinic, a_clinic


@pytest.fixture
def clinic(session: Session) -> Clinic:
    return a_clinic(session)


@pytest.fixture
def open_clinic(database: Session, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    """The clinic as the portal's pages see it, at `NOW`."""
    monkeypatch.setattr(current, "now", lambda: NOW)
    found = a_clinic(database)
    found.practitioner.given, found.practitioner.family = "Grace", "Lindqvist"
    found.location.name = "Heart clinic"
    database.commit()
    return found


@pytest.fixture
def administrator(
    database: Session, open_clinic: Clinic, sign_in: Callable[[Account], FlaskClient]
) -> FlaskClient:
    """An administrator's browser."""
    return sign_in(an_account(database, Role.ADMINISTRATOR))
