"""Sending failed notices again. The worker still drops those that are out of date."""

from sqlalchemy import ColumnElement, select, update

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, NotFound
from portal.models import Notice
from portal.models.base import table_of
from portal.models.rows import changed
from portal.notices.rules import version_of_list
from portal.seen import Seen
from portal.vocabulary import NoticeState

_notice = table_of(Notice)
_FAILED = _notice.c.state == NoticeState.FAILED


def send_again(context: Context, *, notice: Seen) -> None:
    """Puts a failed notice back into the queue for one more attempt.

    Its version is the number of attempts. Raises `NotFound`, or `ChangedMeanwhile` when somebody has sent it
    again.
    """
    context.require(Deed.MANAGE_NOTICES)
    same = _notice.c.ref == notice.ref
    if _put_back(context, same, _notice.c.attempts == notice.version) == 0:
        if context.session.execute(select(_notice.c.id).where(same)).first() is None:
            raise NotFound
        raise ChangedMeanwhile
    context.remember(Deed.MANAGE_NOTICES, of=Notice.reference(notice.ref), step="send again")


def send_all_again(context: Context, *, version: int) -> int:
    """Puts all failed notices back into the queue. Returns how many.

    `version` is the list's, from `version_of_list`. Raises `ChangedMeanwhile` when the list has changed.
    """
    context.require(Deed.MANAGE_NOTICES)
    failed = select(_notice.c.id, _notice.c.attempts).where(_FAILED)
    found = context.session.execute(failed.with_for_update()).all()
    ids, attempts = (sum(column) for column in zip(*found, strict=True)) if found else (0, 0)
    now = version_of_list(count=len(found), ids=ids, attempts=attempts)
    if now != version or _put_back(context) != len(found):
        raise ChangedMeanwhile
    context.remember(Deed.MANAGE_NOTICES, step="send all again", count=len(found))
    return len(found)


def _put_back(context: Context, *which: ColumnElement[bool]) -> int:
    again = update(_notice).where(_FAILED, *which)
    values = {"state": NoticeState.WAITING, "due_at": context.now}
    return changed(context.session, again.values(**values))
