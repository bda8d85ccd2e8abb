"""The outbox as a queue: who has a notice at the moment, and what became of it.

A worker takes a notice by making it SENDING with a lease, and commits before it sends. Every later
word on it is a conditional UPDATE on (id, SENDING, attempts): a worker whose lease ran out, and whose
notice another one has taken, changes nothing any more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.measures import NOTICE, measured_when_committed
from portal.models import Notice, NoticeDelivery
from portal.models.base import Instant, table_of

LEASE = timedelta(minutes=5)
"""Longer than handing over one message may take with every timeout of a transport used up."""

GRACE = timedelta(seconds=30)
"""After the lease, before another worker takes over: whoever still insists on settling comes first."""

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""Before the second attempt, the third, …; after the one that follows the last it has failed."""

ATTEMPTS = len(PAUSES) + 1
INTERRUPTED = "Sending was interrupted again and again. The e-mail may have arrived all the same."

AT_ONCE = 100

State = Notice.State
_NOW: Any = bindparam("now", type_=Instant())

_NEXT = (
    select(Notice.id, Notice.attempts)
    .where(Notice.state == State.WAITING, Notice.due_at <= _NOW)
    # In the order of the index, so that InnoDB locks this row alone. SQLite leaves the lock out.
    .order_by(Notice.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _change(state: Notice.State) -> Update:
    """A notice in `state` that was taken exactly `seen` times."""
    return (
        update(Notice)
        .where(
            Notice.id == bindparam("notice_id"),
            Notice.state == state,
            Notice.attempts == bindparam("seen"),
        )
        .execution_options(synchronize_session=False)
    )


_TAKE = _change(State.WAITING).values(
    state=State.SENDING,
    attempts=Notice.attempts + 1,
    due_at=bindparam("lease_until", type_=Instant()),
)
_RENEW = _change(State.SENDING).values(due_at=bindparam("lease_until", type_=Instant()))
_SENT = _change(State.SENDING).values(state=State.SENT, sent_at=_NOW, last_error=None)
_DROP = _change(State.SENDING).values(state=State.DROPPED, last_error=bindparam("words"))
_FAIL = _change(State.SENDING).values(state=State.FAILED, last_error=bindparam("words"))
_RETRY = _change(State.SENDING).values(
    state=State.WAITING,
    last_error=bindparam("words"),
    due_at=bindparam("again_at", type_=Instant()),
)
_DELIVERED = insert(table_of(NoticeDelivery))

_EXPIRED = (
    select(Notice.id, Notice.attempts)
    .where(Notice.state == State.SENDING, Notice.due_at <= _NOW)
    .order_by(Notice.due_at)
    .limit(AT_ONCE)
    # Waiting for a row that its worker settles at this moment is how two of them deadlock.
    .with_for_update(skip_locked=True)
)
_HAND_BACK = _change(State.SENDING).values(state=State.WAITING)


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that is this worker's until its lease ends; `attempts` counts this one too."""

    notice_id: int
    attempts: int


def _rows(session: Session, statement: Update, **values: object) -> int:
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def claim(session: Session, now: datetime) -> Claim | None:
    """Takes the notice that has been due for longest and that no other worker has."""
    while (row := session.execute(_NEXT, {"now": now}).one_or_none()) is not None:
        seen = {"notice_id": row.id, "seen": row.attempts}
        if _rows(session, _TAKE, **seen, lease_until=now + LEASE):
            return Claim(row.id, row.attempts + 1)
        session.rollback()
    return None


def hand_back_expired(session: Session, now: datetime) -> int:
    """Puts back what a worker took and never settled; returns how many may be taken again."""
    handed_back = 0
    for row in session.execute(_EXPIRED, {"now": now - GRACE}).all():
        theirs = Claim(row.id, row.attempts)
        if theirs.attempts >= ATTEMPTS:
            fail(session, theirs, INTERRUPTED)
        else:
            handed_back += _settle(session, _HAND_BACK, theirs)
    return handed_back


def delivered(session: Session, mine: Claim, recipient: str, now: datetime) -> bool:
    """Remembers that `recipient` was served and renews the lease; False when it was lost."""
    try:
        with session.begin_nested():
            row = {"notice_id": mine.notice_id, "recipient": recipient, "sent_at": now}
            session.execute(_DELIVERED, row)
    except IntegrityError:
        pass  # Another worker, after our lease had run out: the fact stands there already.
    return _settle(session, _RENEW, mine, lease_until=now + LEASE)


def sent(session: Session, mine: Claim, now: datetime) -> bool:
    settled = _settle(session, _SENT, mine, now=now)
    if settled:
        measured_when_committed(session, NOTICE, NoticesSent=1, NoticesFailed=0)
    return settled


def drop(session: Session, mine: Claim, words: str) -> bool:
    return _settle(session, _DROP, mine, words=words)


def fail(session: Session, mine: Claim, words: str) -> bool:
    settled = _settle(session, _FAIL, mine, words=words)
    if settled:
        measured_when_committed(session, NOTICE, NoticesSent=0, NoticesFailed=1)
    return settled


def retry(session: Session, mine: Claim, words: str, now: datetime) -> bool:
    """Puts it back for after the next pause; fails it when there is none left."""
    if mine.attempts > len(PAUSES):
        return fail(session, mine, words)
    again_at = now + PAUSES[mine.attempts - 1]
    return _settle(session, _RETRY, mine, words=words, again_at=again_at)


def _settle(session: Session, statement: Update, mine: Claim, **values: object) -> bool:
    seen = {"notice_id": mine.notice_id, "seen": mine.attempts}
    return _rows(session, statement, **seen, **values) == 1
