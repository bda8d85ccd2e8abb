"""Shared queries for tests of the demonstration hospital."""

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.development.cognito.people import NamedPerson
from portal.models import Account

MONDAY_MORNING = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def account(session: Session, person: NamedPerson) -> Account:
    return session.scalars(select(Account).where(Account.subject == person.sub)).one()
