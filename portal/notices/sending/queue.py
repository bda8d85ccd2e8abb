"""The outbox as a queue: claiming a notice, and recording the outcome.

A worker claims a notice by setting it to SENDING with a lease, and commits before it sends. Every later
change is a conditional UPDATE on (id, SENDING, attempts), so a worker whose lease has expired and whose
notice was claimed by another changes nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Update, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.context import Context
from portal.models import Notice, NoticeDelivery
from portal.models.base import Instant, table_of
from portal.models.rows import changed
from portal.telemetry.measures import NOTICE, measured_when_committed
from portal.vocabulary import NoticeState

LEASE = timedelta(minutes=5)
"""Longer than sending one message takes if every timeout of a transport is used up."""

GRACE = timedelta(seconds=30)
"""The time after the lease before another worker takes over, so that a late one can still write its
outcome."""

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
"""The pauses before the second, third, … attempt. After the last attempt, the notice has failed."""

ATTEMPTS = len(PAUSES) + 1
INTERRUPTED = "Sending was interrupted again and again. The email may have arrived all the same."

AT_ONCE = 100

State = NoticeState
_NOW: Any = bindparam("now", type_=Instant())

_NEXT = (
    select(Notice.id, Notice.attempts)
    .where(Notice.state == State.WAITING, Notice.due_at <= _NOW)
    # In index order, so that InnoDB locks only this row. SQLite has no row locks.
    .order_by(Notice.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)


def _change(state: NoticeState) -> Update:
    """A notice in `state` that was claimed exactly `seen` times."""
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
    # Skip locked rows: waiting for a row that its worker is settling could cause a deadlock.
    .with_for_update(skip_locked=True)
)
_HAND_BACK = _change(State.SENDING).values(state=State.WAITING)


@dataclass(frozen=True, slots=True)
class Claim:
    """A notice that is this worker's until its lease ends; `attempts` counts this one too."""

    notice_id: int
    attempts: int


def claim(context: Context) -> Claim | None:
    """Takes the notice that has been due for longest, if no other worker has it."""
    session, now = context.session, context.now
    while (row := session.execute(_NEXT, {"now": now}).one_or_none()) is not None:
        seen = {"notice_id": row.id, "seen": row.attempts}
        if changed(session, _TAKE, {**seen, "lease_until": now + LEASE}):
            return Claim(row.id, row.attempts + 1)
        session.rollback()
    return None


def hand_back_expired(context: Context) -> int:
    """Puts back notices that a worker claimed but never settled. Returns how many may be claimed again."""
    handed_back = 0
    for row in context.session.execute(_EXPIRED, {"now": context.now - GRACE}).all():
        theirs = Claim(row.id, row.attempts)
        if theirs.attempts >= ATTEMPTS:
            fail(context, theirs, INTERRUPTED)
        else:
            handed_back += _settle(context, _HAND_BACK, theirs)
    return handed_back


def delivered(context: Context, mine: Claim, recipient: str) -> bool:
    """Records that `recipient` got the message, and renews the lease; False when the lease was lost."""
    try:
        with context.session.begin_nested():
            row = {"notice_id": mine.notice_id, "recipient": recipient, "sent_at": context.now}
            context.session.execute(_DELIVERED, row)
    except IntegrityError:
        pass  # Another worker has written this row after our lease expired.
    return _settle(context, _RENEW, mine, lease_until=context.now + LEASE)


def sent(context: Context, mine: Claim) -> bool:
    settled = _settle(context, _SENT, mine, now=context.now)
    if settled:
        measured_when_committed(context.session, NOTICE, NoticesSent=1, NoticesFailed=0)
    return settled


def drop(context: Context, mine: Claim, words: str) -> bool:
    return _settle(context, _DROP, mine, words=words)


def fail(context: Context, mine: Claim, words: str) -> bool:
    settled = _settle(context, _FAIL, mine, words=words)
    if settled:
        measured_when_committed(context.session, NOTICE, NoticesSent=0, NoticesFailed=1)
    return settled


def retry(context: Context, mine: Claim, words: str) -> bool:
    """Puts the notice back until the next pause is over; without a pause left, it has failed."""
    if mine.attempts > len(PAUSES):
        return fail(context, mine, words)
    again_at = context.now + PAUSES[mine.attempts - 1]
    return _settle(context, _RETRY, mine, words=words, again_at=again_at)


def _settle(context: Context, statement: Update, mine: Claim, **values: object) -> bool:
    seen = {"notice_id": mine.notice_id, "seen": mine.attempts}
    return changed(context.session, statement, seen | values) == 1
