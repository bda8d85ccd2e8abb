"""Who read a list during an outage of the database: noted on the shared file system, later audited.

A note is written before the list is shown. The worker moves it into the audit trail exactly once: its name
becomes a submission key in the same transaction, so neither a crash before the file is deleted nor a second
worker adds it twice.
"""

import logging
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.access import Actor, Deed, Role
from portal.context import Context, Contexts
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.models import Location, Submission
from portal.models.base import table_of

log = logging.getLogger(__name__)

FOLDER = "downtime/readings"


def note(box: Box, *, by: Actor, ref: str, as_of: datetime, now: datetime) -> None:
    """Raises `Unavailable` when the note can't be written; then the list must not be shown."""
    value = {
        "actor": {"ref": by.ref, "name": by.name, "session_ref": by.session_ref},
        "roles": sorted(role.value for role in by.roles),
        "clinic": ref,
        "as_of": as_of.isoformat(),
        "at": now.isoformat(),
    }
    box.put(f"{FOLDER}/{secrets.token_hex(16)}", value)


def remember(context: Context, ref: str, as_of: datetime, read_at: str | None = None) -> None:
    """Adds the audit entry; `read_at` is set when the list was read earlier."""
    of = Location.reference(ref)
    context.remember(Deed.SEE_DOWNTIME_LIST, of=of, as_of=as_of.isoformat(), read_at=read_at)


def take_in(contexts: Contexts, box: Box) -> int:
    """Moves every note into the audit trail. Returns how many there were."""
    names = box.store.names(FOLDER)
    closed: set[str] = set()
    for name in names:
        try:
            value = box.get(name)
        except NotFound:
            closed.add(name)
            continue
        try:
            with replace(contexts, by=_reader(value)).begin() as context:
                _take_in(context, name, value)
        except IntegrityError:
            pass  # The trail already has it.
        box.store.discard(name)
    if closed:
        _tell_of_closed(closed.intersection(box.store.names(FOLDER)))
    return len(names)


def _tell_of_closed(names: Iterable[str]) -> None:
    """Logs the notes that can't be read. Another worker has taken those that are missing."""
    for name in names:
        log.error("the note %s can't be opened: is it of another SECRET_KEY?", name)


def _reader(value: dict[str, Any]) -> Actor:
    roles = frozenset(Role(role) for role in value["roles"])
    return Actor(account_id=None, roles=roles, **value["actor"])


def _take_in(context: Context, name: str, value: dict[str, Any]) -> None:
    """Raises `IntegrityError` when the trail already has the note."""
    key = name.rpartition("/")[2]
    row = {"key": key, "account_id": None, "location": "", "message": None}
    context.session.execute(insert(table_of(Submission)).values(**row, created_at=context.now))
    # The entry has the current time, because the trail is ordered by time of writing.
    as_of = datetime.fromisoformat(value["as_of"])
    remember(context, value["clinic"], as_of, read_at=value["at"])
