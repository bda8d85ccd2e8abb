"""The ward of `tests/builders/ward.py`: over a bare session, and as the portal's pages see it."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.web import current
from tests.builders import NOW
from tests.builders.ward import Ward, make_ward
from tests.records.pages import Browse


@pytest.fixture
def ward(session: Session) -> Ward:
    """Over a bare session, for queries and actions."""
    return make_ward(session)


@pytest.fixture
def open_ward(database: Session, monkeypatch: pytest.MonkeyPatch) -> Ward:
    """Over the database that the portal sees. The present stands at `NOW`."""
    monkeypatch.setattr(current, "now", lambda: NOW)
    ward = make_ward(database)
    database.commit()
    return ward


@pytest.fixture
def doctor(open_ward: Ward, sign_in: Browse) -> FlaskClient:
    return sign_in(open_ward.doctor)


@pytest.fixture
def nurse(open_ward: Ward, sign_in: Browse) -> FlaskClient:
    return sign_in(open_ward.nurse)
