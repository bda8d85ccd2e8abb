"""A worker beside the portal, and a doctor who is signed in."""

import pytest
from flask import Flask
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from portal.models import SignInSession
from tests.signin.portal_flow import Visit
from tests.signin.rechecking.rechecks import DOCTOR, Worker
from tests.signin.standard_provider import StandardProvider


@pytest.fixture
def worker(portal: Flask, engine: Engine, database: Session) -> Worker:
    return Worker(portal, engine, database)


@pytest.fixture
def doctor(visit: Visit, standard: StandardProvider, database: Session) -> Visit:
    """A doctor who has just signed in, and stays at work."""
    standard.claims = DOCTOR
    visit.sign_in()
    database.execute(update(SignInSession).values(idle_seconds=10 * 3600))
    database.commit()
    return visit
