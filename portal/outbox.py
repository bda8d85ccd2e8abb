"""announce(): what a patient is to be told by e-mail, in the transaction of what it tells.

A worker sends it later; see docs/notices.md.
"""

from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.hospital import Hospital
from portal.models import Notice
from portal.models.base import table_of

_INSERT = insert(table_of(Notice))
_REMINDED = frozenset({Notice.Occasion.BOOKED, Notice.Occasion.MOVED})


def announce(
    session: Session,
    *,
    appointment_id: int,
    sequence: int,
    starts_at: datetime,
    occasion: Notice.Occasion,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Writes the notice for `occasion`, in one statement with the reminder that it calls for.

    `sequence` and `starts_at` are the appointment's after the change. A booking or a move brings a
    reminder `hospital.reminder_hours` before the appointment, unless that is past already.
    """
    due = {occasion: now}
    remind_at = starts_at - timedelta(hours=hospital.reminder_hours)
    if occasion in _REMINDED and remind_at > now:
        due[Notice.Occasion.REMINDER] = remind_at
    session.execute(
        _INSERT,
        [
            {
                "appointment_id": appointment_id,
                "sequence": sequence,
                "occasion": told,
                "due_at": due_at,
                "created_at": now,
            }
            for told, due_at in due.items()
        ],
    )
