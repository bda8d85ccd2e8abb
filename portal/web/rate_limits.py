"""Counting attempts in the database, so that the limit holds over every instance."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, case, or_, update
from sqlalchemy.dialects import mysql, sqlite
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.models import RateLimit
from portal.models.base import Instant, table_of

_rate_limit = table_of(RateLimit)
_OVER = _rate_limit.c.started_at <= bindparam("window_start", type_=Instant())
# MySQL assigns from left to right, so `attempts` must come before the column that it looks at.
_SPEND = (
    update(_rate_limit)
    .ordered_values(
        (_rate_limit.c.attempts, case((_OVER, 1), else_=_rate_limit.c.attempts + 1)),
        (
            _rate_limit.c.started_at,
            case((_OVER, bindparam("now", type_=Instant())), else_=_rate_limit.c.started_at),
        ),
    )
    .where(
        _rate_limit.c.key_hash == bindparam("key"),
        or_(_OVER, _rate_limit.c.attempts < bindparam("allowed")),
    )
)

# Several may come first under one key: in MySQL this makes them wait for each other, where a refused or
# ignored INSERT would let them share the row and then hold each other up for good.
_BEGIN = {
    "mysql": mysql.insert(_rate_limit).on_duplicate_key_update(attempts=_rate_limit.c.attempts),
    "sqlite": sqlite.insert(_rate_limit).on_conflict_do_nothing(),
}


def spend(session: Session, key: str, *, allowed: int, window: timedelta, now: datetime) -> None:
    """Counts one attempt under `key`; raises `TooMany` when `allowed` were made within `window`.

    Only a hash of the key is kept. The count is part of the caller's transaction: commit at once
    where a refused attempt must count too.
    """
    values: dict[str, Any] = {
        "key": hashlib.sha256(key.encode()).hexdigest(),
        "now": now,
        "window_start": now - window,
        "allowed": allowed,
    }
    if _counted(session, values):
        return
    begin = _BEGIN[session.get_bind().dialect.name]
    session.execute(begin, {"key_hash": values["key"], "started_at": now, "attempts": 0})
    if not _counted(session, values):
        raise TooMany(
            "You have tried this too often. Please wait a little and try again.",
            retry_after=int(window.total_seconds()),
        )


def _counted(session: Session, values: dict[str, Any]) -> bool:
    """Whether there was a count under the key, and an attempt left of it."""
    return cast("CursorResult[Any]", session.execute(_SPEND, values)).rowcount == 1
