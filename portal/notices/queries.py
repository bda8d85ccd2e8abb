"""Notices for administrators: their state, but neither recipient nor patient."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, exists, func, select

from portal.access import Deed
from portal.context import Context
from portal.models import Notice
from portal.models.base import Instant, table_of
from portal.models.rows import columns, one_row, rows
from portal.notices.rules import version_of_list
from portal.vocabulary import NoticeState, Occasion

PAGE = 25
LATE = timedelta(minutes=15)
"""If a notice is overdue by more than this, no worker is running."""


class NoticeRow(NamedTuple):
    ref: str
    occasion: Occasion
    state: NoticeState
    due_at: datetime
    sent_at: datetime | None
    created_at: datetime
    attempts: int
    last_error: str


_ONE = select(*columns(NoticeRow, table_of(Notice))).where(Notice.ref == bindparam("ref"))
_LISTED = (
    select(*columns(NoticeRow, table_of(Notice)))
    .where(Notice.state == bindparam("state", type_=Notice.state.type))
    .limit(PAGE + 1)
    .offset(bindparam("skipped", type_=Integer()))
)
_NEXT_FIRST = _LISTED.order_by(Notice.due_at, Notice.id)
_LATEST_FIRST = _LISTED.order_by(Notice.due_at.desc(), Notice.id.desc())
_LATE = select(
    exists().where(
        Notice.state == NoticeState.WAITING,
        Notice.due_at < bindparam("late", type_=Instant()),
    )
)
_FAILED = select(
    func.count(), func.coalesce(func.sum(Notice.id), 0), func.coalesce(func.sum(Notice.attempts), 0)
).where(Notice.state == NoticeState.FAILED)


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of the notices in one state."""

    rows: list[NoticeRow]
    more: bool
    failed: int
    """The number of all failed notices."""
    failed_version: int
    """The version of the list of failed notices."""
    late: bool
    """Whether some are overdue, perhaps because no worker is running."""


def notice(context: Context, ref: str) -> NoticeRow:
    context.require(Deed.MANAGE_NOTICES)
    return one_row(context.session, NoticeRow, _ONE, {"ref": ref})


def notices(context: Context, state: NoticeState, page: int) -> Notices:
    """The notices in `state`: waiting ones in sending order, others latest first.

    `page` counts from 1.
    """
    context.require(Deed.MANAGE_NOTICES)
    context.remember(Deed.MANAGE_NOTICES, step="list")
    session = context.session
    listed = _NEXT_FIRST if state is NoticeState.WAITING else _LATEST_FIRST
    found = rows(session, NoticeRow, listed, {"state": state, "skipped": PAGE * (page - 1)})
    count, ids, attempts = map(int, session.execute(_FAILED).one())
    return Notices(
        found[:PAGE],
        more=len(found) > PAGE,
        failed=count,
        failed_version=version_of_list(count=count, ids=ids, attempts=attempts),
        late=bool(session.scalar(_LATE, {"late": context.now - LATE})),
    )
