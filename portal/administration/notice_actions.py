"""Sending failed notices again. The worker still drops what was overtaken meanwhile."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, exists, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import Conflict, NotFound
from portal.models import Notice

NOT_FAILED = "This notice has not failed, or somebody has sent it again already."

_AGAIN = (
    update(Notice)
    .where(Notice.state == Notice.State.FAILED)
    .execution_options(synchronize_session=False)
)


def send_again(session: Session, *, by: Actor, ref: str, now: datetime) -> None:
    """Puts a failed notice back into the queue for one more attempt."""
    require(by, Deed.MANAGE_NOTICES)
    if _put_back(session, now, Notice.ref == ref) == 0:
        if not session.scalar(select(exists().where(Notice.ref == ref))):
            raise NotFound
        raise Conflict(NOT_FAILED)
    reference = Notice.reference(ref)
    audit.remember(
        session, by=by, deed=Deed.MANAGE_NOTICES, now=now, of=reference, step="send again"
    )


def send_all_again(session: Session, *, by: Actor, now: datetime) -> int:
    """Puts every failed notice back, and returns how many."""
    require(by, Deed.MANAGE_NOTICES)
    count = _put_back(session, now)
    audit.remember(
        session, by=by, deed=Deed.MANAGE_NOTICES, now=now, step="send all again", count=count
    )
    return count


def _put_back(session: Session, now: datetime, *which: Any) -> int:
    values = {"state": Notice.State.WAITING, "due_at": now}
    result = session.execute(_AGAIN.where(*which).values(**values))
    return cast("CursorResult[Any]", result).rowcount
