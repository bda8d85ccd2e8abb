"""Who read a list while the database was away: noted on the shared file system, audited when it is back.

A note is written before the list is shown. The worker moves it into the audit trail exactly once: its
name becomes a submission key in the same transaction, so that a crash before the file is gone, or a
second worker, changes nothing.
"""

import logging
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal import audit
from portal.access import Actor, Deed, Role
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.models import Location, Submission
from portal.models.base import table_of

log = logging.getLogger(__name__)

FOLDER = "downtime/readings"


def note(box: Box, *, by: Actor, ref: str, as_of: datetime, now: datetime) -> None:
    """Raises `Unavailable` when it can't be kept: then nothing may be shown."""
    value = {
        "actor": {"ref": by.ref, "name": by.name, "session_ref": by.session_ref},
        "roles": sorted(role.value for role in by.roles),
        "clinic": ref,
        "as_of": as_of.isoformat(),
        "at": now.isoformat(),
    }
    box.put(f"{FOLDER}/{secrets.token_hex(16)}", value)


def remember(
    session: Session,
    *,
    by: Actor,
    ref: str,
    as_of: datetime,
    now: datetime,
    read_at: str | None = None,
) -> None:
    """The entry in the audit trail; `read_at` when it is written later than it was read."""
    audit.remember(
        session,
        by=by,
        deed=Deed.SEE_DOWNTIME_LIST,
        now=now,
        of=Location.reference(ref),
        as_of=as_of.isoformat(),
        read_at=read_at,
    )


def take_in(sessions: sessionmaker[Session], box: Box, now: datetime) -> int:
    """Moves every note into the audit trail; returns how many were there."""
    names = box.store.names(FOLDER)
    for name in names:
        try:
            value = box.get(name)
        except NotFound:
            if name in box.store.names(FOLDER):
                log.error(
                    "the note %s of a reading can't be opened: is it of another SECRET_KEY?", name
                )
            continue  # Or another worker was quicker.
        _take_in(sessions, name.rpartition("/")[2], value, now)
        box.store.discard(name)
    return len(names)


def _take_in(
    sessions: sessionmaker[Session], key: str, value: dict[str, Any], now: datetime
) -> None:
    roles = frozenset(Role(role) for role in value["roles"])
    by = Actor(account_id=None, roles=roles, **value["actor"])
    row = {"key": key, "account_id": None, "location": "", "message": None, "created_at": now}
    try:
        with sessions.begin() as session:
            session.execute(insert(table_of(Submission)).values(row))
            # The trail grows in the order in which it is written, so the entry bears today's time.
            remember(
                session,
                by=by,
                ref=value["clinic"],
                as_of=datetime.fromisoformat(value["as_of"]),
                now=now,
                read_at=value["at"],
            )
    except IntegrityError:
        pass  # It stands in the trail already.
