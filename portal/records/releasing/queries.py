"""The hold on a result, and the patient's choice."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from portal.access import CLINICIANS
from portal.context import Context
from portal.errors import NotFound
from portal.models import ObservationPanel, ResultHold, ResultWait
from portal.models.base import table_of
from portal.models.rows import columns, one_row
from portal.reach.lookup import Subject

_hold, _panel, _wait = map(table_of, (ResultHold, ObservationPanel, ResultWait))


class Held(NamedTuple):
    ref: str
    version: int
    panel_ref: str
    title: str
    ends_at: datetime
    ended_at: datetime | None
    ended_by_name: str | None


class Choice(NamedTuple):
    after_talk: bool
    version: int


_HELD = (
    select(*columns(Held, _hold, panel_ref=_panel.c.ref, title=_panel.c.title))
    .join(_panel, _panel.c.id == _hold.c.panel_id)
    .where(_hold.c.ref == bindparam("ref"), _hold.c.patient_id == bindparam("patient_id"))
)
_CHOICES = select(func.count(), func.count(_wait.c.ended_at)).where(
    _wait.c.patient_id == bindparam("patient_id")
)


def sees_all(context: Context, subject: Subject) -> bool:
    """Whether the actor treats the patient and is not their proxy."""
    return subject.acted_for_as is None and context.by.is_any_of(CLINICIANS)


def held(context: Context, subject: Subject, ref: str) -> Held:
    if not sees_all(context, subject):
        raise NotFound
    return one_row(context.session, Held, _HELD, {"ref": ref, "patient_id": subject.id})


def choice(context: Context, subject: Subject) -> Choice:
    """How often the patient has chosen, and the current choice."""
    begun, ended = context.session.execute(_CHOICES, {"patient_id": subject.id}).one()
    return Choice(after_talk=begun > ended, version=begun + ended)
