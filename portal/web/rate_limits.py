"""Counts attempts in the database, so that a limit holds across all instances.

Flask-Limiter is not used: it counts in memory or in Redis, one more server that can fail, and not in the
transaction of the attempt.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, case, or_, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.models import RateLimit
from portal.models.base import Instant, table_of
from portal.models.rows import changed

_rate_limit = table_of(RateLimit)
_OVER = _rate_limit.c.started_at <= bindparam("window_start", type_=Instant())
_AMOUNT = bindparam("amount", type_=Integer())
# MySQL assigns from left to right, so `attempts` must come before the column that it reads.
_SPEND = (
    update(_rate_limit)
    .ordered_values(
        (
            _rate_limit.c.attempts,
            case((_OVER, _AMOUNT), else_=_rate_limit.c.attempts + _AMOUNT),
        ),
        (
            _rate_limit.c.started_at,
            case((_OVER, bindparam("now", type_=Instant())), else_=_rate_limit.c.started_at),
        ),
    )
    .where(
        _rate_limit.c.key_hash == bindparam("key"),
        or_(_OVER, _rate_limit.c.attempts <= bindparam("allowed", type_=Integer()) - _AMOUNT),
    )
)

# Several requests may be the first for a key. In MySQL this statement makes them wait for each other; a
# duplicate or ignored INSERT would give them a shared lock and cause a deadlock.
_BEGIN = {
    "mysql": mysql.insert(_rate_limit).on_duplicate_key_update(attempts=_rate_limit.c.attempts),
    "sqlite": sqlite.insert(_rate_limit).on_conflict_do_nothing(),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """How many attempts, or other units, are allowed within a time."""

    allowed: int
    window: timedelta


def spend(session: Session, key: str, limit: Limit, now: datetime, amount: int = 1) -> None:
    """Adds `amount` to the count of `key`.

    Raises `TooMany` above the limit. Only a hash of the key is stored. The count is part of the caller's
    transaction: commit at once if a refused attempt must count too.
    """
    values: dict[str, Any] = {
        "key": hashlib.sha256(key.encode()).hexdigest(),
        "now": now,
        "window_start": now - limit.window,
        "allowed": limit.allowed,
        "amount": amount,
    }
    if _counted(session, values):
        return
    begin = _BEGIN[session.get_bind().dialect.name]
    session.execute(begin, {"key_hash": values["key"], "started_at": now, "attempts": 0})
    if not _counted(session, values):
        raise TooMany(
            "You have tried this too often. Please wait a little and try again.",
            retry_after=int(limit.window.total_seconds()),
        )


def _counted(session: Session, values: dict[str, Any]) -> bool:
    """Whether the key had a count below the limit."""
    return changed(session, _SPEND, values) == 1
