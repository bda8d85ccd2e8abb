"""Shared by all builders: the date and time of the tests, unique numbers, and adding a row."""

from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.models import Base

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
"""A Tuesday in winter time."""

serial = count(1)

Row = TypeVar("Row", bound=Base)


def added(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
