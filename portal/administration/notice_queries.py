"""Notices as an administrator sees them: what became of them, never to whom or about whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.models import Notice
from portal.models.base import Instant

PAGE = 25
LATE = timedelta(minutes=15)
"""A notice that waits for longer than this past its time says that no worker is at work."""

_STATE = bindparam("state", type_=Notice.state.type)
_LISTED: Select[*tuple[Any, ...]] = (
    select(
        Notice.ref,
        Notice.occasion,
        Notice.state,
        Notice.due_at,
        Notice.sent_at,
        Notice.created_at,
        Notice.attempts,
        Notice.last_error,
    )
    .where(Notice.state == _STATE)
    .limit(PAGE + 1)
    .offset(bindparam("skipped", type_=Integer()))
)
_NEXT_FIRST = _LISTED.order_by(Notice.due_at, Notice.id)
_LATEST_FIRST = _LISTED.order_by(Notice.due_at.desc(), Notice.id.desc())
_LATE = select(
    exists().where(
        Notice.state == Notice.State.WAITING,
        Notice.due_at < bindparam("late", type_=Instant()),
    )
)
_FAILED = select(func.count()).where(Notice.state == Notice.State.FAILED)


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of the notices in one state."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    more: bool
    failed: int
    """How many have failed altogether."""
    late: bool
    """Some wait that should have been sent: is a worker running?"""


def notices(
    session: Session, *, by: Actor, state: Notice.State, page: int, now: datetime
) -> Notices:
    """The notices in `state`: what waits in the order of its turn, the rest latest first.

    `page` counts from 1.
    """
    require(by, Deed.MANAGE_NOTICES)
    listed = _NEXT_FIRST if state is Notice.State.WAITING else _LATEST_FIRST
    rows = session.execute(listed, {"state": state, "skipped": PAGE * (page - 1)}).all()
    audit.remember(session, by=by, deed=Deed.MANAGE_NOTICES, now=now, step="list")
    return Notices(
        rows[:PAGE],
        more=len(rows) > PAGE,
        failed=session.scalar(_FAILED) or 0,
        late=bool(session.scalar(_LATE, {"late": now - LATE})),
    )
