"""Writes notices for patients and staff, in the same transaction as the change that they report.

A worker sends it later; see docs/notices.md.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.context import Context
from portal.models import Notice
from portal.models.base import table_of
from portal.vocabulary import Occasion

_INSERT = insert(table_of(Notice))
_REMINDED = frozenset({Occasion.BOOKED, Occasion.MOVED, Occasion.RESTORED})


class Announced(NamedTuple):
    """The appointment after the change."""

    id: int
    sequence: int
    starts_at: datetime


def announce(context: Context, occasion: Occasion, appointment: Announced) -> None:
    """Writes the notice for `occasion` and its reminder, in one statement.

    A booking, a move or a restored time has a reminder `hospital.reminder_hours` before the
    appointment, unless that time has passed.
    """
    announce_all(context, occasion, [appointment])


def announce_all(context: Context, occasion: Occasion, appointments: Iterable[Announced]) -> None:
    """The same for several appointments."""
    notices = [notice for one in appointments for notice in _notices(context, occasion, one)]
    if notices:
        context.session.execute(_INSERT, notices)


def _notices(
    context: Context, occasion: Occasion, appointment: Announced
) -> Iterator[dict[str, object]]:
    due = {occasion: context.now}
    remind_at = appointment.starts_at - timedelta(hours=context.hospital.reminder_hours)
    if occasion in _REMINDED and remind_at > context.now:
        due[Occasion.REMINDER] = remind_at
    for told, due_at in due.items():
        yield {
            "appointment_id": appointment.id,
            "sequence": appointment.sequence,
            "occasion": told,
            "due_at": due_at,
            "created_at": context.now,
        }


def announce_to_account(context: Context, occasion: Occasion, account_id: int) -> bool:
    """Writes a notice for an account, once a day; False when the day already has one."""
    notice = {
        "account_id": account_id,
        "day": context.today,
        "sequence": 0,
        "occasion": occasion,
        "due_at": context.now,
        "created_at": context.now,
    }
    try:
        with context.session.begin_nested():
            context.session.execute(_INSERT, notice)
    except IntegrityError:
        return False  # Another worker was faster.
    return True
