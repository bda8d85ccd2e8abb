"""Stores a bundle's facts, and counts the rows."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.fhir.storing import Outcome, store_bundle
from portal.models import Patient
from tests.builders import context_for
from tests.fhir.samples import NOW, read

LATER = NOW + timedelta(days=30)


def store(session: Session, parsed: Any, now: Any = NOW) -> Outcome:
    outcome = store_bundle(context_for(session, now=now), read(parsed))
    session.flush()
    return outcome


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def the_patient(session: Session) -> Patient:
    return session.scalars(select(Patient)).one()
