"""The values of a panel, for both vital signs and laboratory reports.

No value is deleted: a corrected or removed one is only marked as no longer valid.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Select, insert, select, update

from portal.context import Context
from portal.errors import Unfit
from portal.models import Observation, ObservationPanel, new_ref
from portal.models.base import table_of
from portal.models.rows import columns
from portal.reach.lookup import Subject
from portal.records.panels.rules import LOINC

_observation, _panel = table_of(Observation), table_of(ObservationPanel)
CLOCKS_DIFFER = timedelta(minutes=5)


class Measurement(NamedTuple):
    """One value as typed, with its LOINC code and UCUM unit."""

    code: str
    name: str
    value: str = ""
    unit: str = ""
    comparator: str = ""
    value_text: str = ""


class Panel(NamedTuple):
    """The key of a stored panel, and the time of its measurement."""

    id: int
    at: datetime


def check_time(context: Context, subject: Subject, at: datetime) -> None:
    """Raises `Unfit` for a time in the future or before the patient's birth."""
    if at > context.now + CLOCKS_DIFFER:
        raise Unfit("measured_on", "This must be now or in the past")
    if context.hospital.today(at) < subject.birth_date:
        raise Unfit("measured_on", "This is before the patient was born. Check the date")


def panel_of(context: Context, ref: str, at: datetime) -> Panel:
    """Adds the values of a panel that the caller has just added or changed."""
    return Panel(context.session.execute(_key(ref)).scalar_one(), at)


def _key(ref: str) -> Select[int]:
    return select(_panel.c.id).where(_panel.c.ref == ref)


def add(context: Context, subject: Subject, panel: Panel, measured: Sequence[Measurement]) -> None:
    common = {
        "patient_id": subject.id,
        "panel_id": panel.id,
        "code_system": LOINC,
        "effective_at": panel.at,
    }
    added = [{"ref": new_ref(), **common, **one._asdict()} for one in measured]
    if added:
        context.session.execute(insert(_observation), added)


def replace(
    context: Context, subject: Subject, panel: Panel, measured: Sequence[Measurement]
) -> None:
    """Makes these the valid values of the panel."""
    valid = _observation.c.panel_id == panel.id, _observation.c.error_at.is_(None)
    found = context.session.execute(
        select(_observation.c.id, *columns(Measurement, _observation)).where(*valid)
    ).all()
    before = {Measurement._make(typed): key for key, *typed in found}
    now = set(measured)
    gone = [key for one, key in before.items() if one not in now]
    if gone:
        ended = update(_observation).where(_observation.c.id.in_(gone))
        context.session.execute(ended.values(error_at=context.now))
    moved = update(_observation).where(*valid)
    context.session.execute(moved.values(effective_at=panel.at))
    add(context, subject, panel, [one for one in measured if one not in before])


def end(context: Context, ref: str) -> None:
    """Marks all values of the panel as no longer valid."""
    still_valid = update(_observation).where(
        _observation.c.panel_id == _key(ref).scalar_subquery(), _observation.c.error_at.is_(None)
    )
    context.session.execute(still_valid.values(error_at=context.now))
