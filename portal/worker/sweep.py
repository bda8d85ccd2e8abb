"""Rows that have had their time: sign-in sessions, submission keys, kept forms, counters."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from portal.hospital import Hospital
from portal.models import KeptForm, RateLimit, SignInSession, Submission, WorkerBeat

KEEP_SESSIONS = timedelta(days=7)
"""After their end. The audit trail keeps who was signed in for as long as it is kept itself."""

KEEP_SUBMISSIONS = timedelta(days=30)
"""A form can't be sent again for longer: by then whoever had it open has been signed out."""

KEEP_FORMS = timedelta(hours=12)
"""Of those who were signed out when they sent them: as long as anybody may still go on with one."""

KEEP_BEATS = timedelta(days=1)
"""Of workers whose machine is gone."""

KEEP_RATE_LIMITS = timedelta(days=2)
"""Longer than any window in which attempts are counted."""

AT_ONCE = 1000
"""Rows to a transaction, so that nobody waits long for a lock."""


def sweep(sessions: sessionmaker[Session], hospital: Hospital, now: datetime) -> bool:  # noqa: ARG001
    """Deletes a batch of each kind; returns whether more may be left."""
    over: tuple[tuple[type[DeclarativeBase], ColumnElement[bool]], ...] = (
        (SignInSession, SignInSession.expires_at < now - KEEP_SESSIONS),
        (Submission, Submission.created_at < now - KEEP_SUBMISSIONS),
        (KeptForm, KeptForm.created_at < now - KEEP_FORMS),
        (WorkerBeat, WorkerBeat.seen_at < now - KEEP_BEATS),
        (RateLimit, RateLimit.started_at < now - KEEP_RATE_LIMITS),
    )
    full = [_delete_some(sessions, table, condition) for table, condition in over]
    return any(full)


def _delete_some(
    sessions: sessionmaker[Session], table: type[DeclarativeBase], over: ColumnElement[bool]
) -> bool:
    statement = (
        delete(table)
        .where(over)
        # SQLite, where nobody waits for a lock for long, has no LIMIT here and deletes all.
        .with_dialect_options(mysql_limit=AT_ONCE)
        .execution_options(synchronize_session=False)
    )
    with sessions.begin() as session:
        gone = cast("CursorResult[Any]", session.execute(statement)).rowcount
    return gone >= AT_ONCE
