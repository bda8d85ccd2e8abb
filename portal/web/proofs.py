"""A proof in the signed cookie that the person was signed in recently, for outages of the database.

Only staff have one, and only pages that work without the database accept it. It is renewed by each check in
the database and expires after the idle limit. Using it does not prolong it, so a session that was ended
elsewhere can't be used for longer than that.
"""

from datetime import datetime, timedelta

from flask import session

from portal.access import STAFF, Actor, Role

COOKIE_KEY = "proof"
RENEWED_EVERY = timedelta(seconds=60)


def renew(by: Actor, *, ends_at: datetime, now: datetime) -> None:
    """Call it when the database has confirmed that `by` is signed in, until `ends_at` without activity."""
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
    """Call it when the database has confirmed that nobody is signed in."""
    session.pop(COOKIE_KEY, None)


def proven(now: datetime) -> tuple[Actor, datetime] | None:
    """The person who was signed in, and the end of the proof."""
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
