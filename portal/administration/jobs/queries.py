from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select

from portal.access import Deed
from portal.context import Context
from portal.models import JobFailure, WorkerBeat
from portal.models.base import table_of
from portal.models.rows import columns, rows

WORTH_SHOWING = 3
"""Consecutive failures. One or two are usually a lost connection, and the next try succeeds."""

STALE = timedelta(hours=1)
"""A failing job is retried every minute, so an older row is from a server that no longer exists."""

SILENT = timedelta(minutes=3)
"""A running worker reports every 30 seconds."""

_failure = table_of(JobFailure)


class FailingJob(NamedTuple):
    job: str
    worker: str
    failing_since: datetime
    failures: int
    fault: str


@dataclass(frozen=True, slots=True)
class Jobs:
    failing: list[FailingJob]
    worker_seen_at: datetime | None
    worker_silent: bool


_FAILING = select(*columns(FailingJob, _failure)).order_by(_failure.c.failing_since, _failure.c.job)
_SEEN_AT = select(func.max(WorkerBeat.seen_at))


def jobs(context: Context) -> Jobs:
    context.require(Deed.SEE_JOBS)
    context.remember(Deed.SEE_JOBS, step="list")
    seen_at = context.session.scalar(_SEEN_AT)
    silent = seen_at is None or context.now - seen_at > SILENT
    return Jobs(failing(context), seen_at, silent)


def failing(context: Context) -> list[FailingJob]:
    """The jobs that keep failing; those that have failed for longest come first."""
    context.require(Deed.SEE_JOBS)
    statement = _FAILING.where(
        _failure.c.failures >= WORTH_SHOWING, _failure.c.last_failed_at > context.now - STALE
    )
    return rows(context.session, FailingJob, statement)
