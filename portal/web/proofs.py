"""A proof in the signed cookie that its holder was signed in a moment ago, for when nobody can ask.

Only staff have one, and only pages that work without the database take it. It is as old as the
database's last word, and ends with the idle limit after it: using it does not prolong it, so a
session that was ended elsewhere is not revived for longer than that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import session

from portal.access import STAFF, Actor, Role

View = TypeVar("View", bound=Callable[..., Any])

COOKIE_KEY = "proof"
RENEWED_EVERY = timedelta(seconds=60)

_WITHOUT_RECORDS = "__without_records__"


def without_records(view: View) -> View:
    """For a view that works while the database is away, for staff who were signed in."""
    setattr(view, _WITHOUT_RECORDS, True)
    return view


def works_without_records(view: Callable[..., Any] | None) -> bool:
    return getattr(view, _WITHOUT_RECORDS, False)


def renew(by: Actor, *, ends_at: datetime, now: datetime) -> None:
    """The database has just said that `by` is signed in until `ends_at`, if they do nothing more."""
    if not by.is_any_of(STAFF):
        return
    known = session.get(COOKIE_KEY) or {"session": None, "at": 0}
    fresh = now.timestamp() - known["at"] < RENEWED_EVERY.total_seconds()
    if fresh and known["session"] == by.session_ref:
        return
    session[COOKIE_KEY] = {
        "session": by.session_ref,
        "ref": by.ref,
        "name": by.name,
        "roles": [role.value for role in by.roles],
        "practitioner": by.practitioner_id,
        "at": int(now.timestamp()),
        "ends": int(ends_at.timestamp()),
    }


def forget() -> None:
    """The database has just said that nobody is signed in here."""
    session.pop(COOKIE_KEY, None)


def proven(now: datetime) -> tuple[Actor, datetime] | None:
    """Who was signed in, and until when that may be believed."""
    known = session.get(COOKIE_KEY)
    if not known or now.timestamp() >= known["ends"]:
        return None
    by = Actor(
        account_id=None,
        ref=known["ref"],
        name=known["name"],
        roles=frozenset(Role(role) for role in known["roles"]),
        practitioner_id=known["practitioner"],
        session_ref=known["session"],
    )
    return by, datetime.fromtimestamp(known["ends"], now.tzinfo)
