"""Rows that are no longer needed: sign-in sessions, submission keys, kept forms, counters."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import DeclarativeBase

from portal.context import Contexts
from portal.models import (
    JobFailure,
    KeptForm,
    RateLimit,
    SignInSession,
    Submission,
    WorkerBeat,
)
from portal.models.rows import changed
from portal.signin.kept_forms.queries import KEPT

KEEP_SESSIONS = timedelta(days=7)
"""How long sessions are kept after their end. The audit trail keeps sign-ins for longer."""

KEEP_SUBMISSIONS = timedelta(days=30)
"""A form can't be sent again later than this, because its sender has been signed out by then."""

KEEP_BEATS = timedelta(days=1)
"""For heartbeats of machines that no longer exist."""

KEEP_RATE_LIMITS = timedelta(days=2)
"""Longer than the period of any rate limit."""

AT_ONCE = 1000
"""Rows per transaction, so that other requests do not wait long for a lock."""


def sweep(contexts: Contexts) -> bool:
    """Deletes a batch of each kind; returns whether more may be left."""
    now = contexts.now
    over: tuple[tuple[type[DeclarativeBase], ColumnElement[bool]], ...] = (
        (SignInSession, SignInSession.expires_at < now - KEEP_SESSIONS),
        (Submission, Submission.created_at < now - KEEP_SUBMISSIONS),
        (KeptForm, KeptForm.created_at < now - KEPT),
        (WorkerBeat, WorkerBeat.seen_at < now - KEEP_BEATS),
        (JobFailure, JobFailure.last_failed_at < now - KEEP_BEATS),
        (RateLimit, RateLimit.started_at < now - KEEP_RATE_LIMITS),
    )
    full = [_delete_some(contexts, table, condition) for table, condition in over]
    return any(full)


def _delete_some(
    contexts: Contexts, table: type[DeclarativeBase], over: ColumnElement[bool]
) -> bool:
    statement = (
        delete(table)
        .where(over)
        # SQLite has no LIMIT here and deletes all rows, which is fast enough there.
        .with_dialect_options(mysql_limit=AT_ONCE)
        .execution_options(synchronize_session=False)
    )
    with contexts.begin() as context:
        return changed(context.session, statement) >= AT_ONCE
