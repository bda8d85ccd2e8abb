"""Measurements of a patient: by time, the latest of each kind, and trends."""

import operator
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select, union_all

from portal.context import Context
from portal.models import Observation, ObservationPanel
from portal.models.base import table_of
from portal.models.paging import beyond, key_values
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.records.observations.rules import BY_CODE
from portal.records.panels.rules import shown_unit
from portal.vocabulary import ObservationCategory

PAGE = 20
MOST_POINTS = 2000

_observation = table_of(Observation)
_panel = table_of(ObservationPanel)


class Value(NamedTuple):
    panel_id: int
    code: str
    name: str
    value: str
    unit: str
    effective_at: datetime
    comparator: str = ""
    value_text: str = ""
    ref: str = ""

    @property
    def shown(self) -> str:
        """`72.50`, `<0.5` or `Positive`: as typed, without the unit."""
        return self.value_text or f"{self.comparator}{self.value}"

    @property
    def said(self) -> str:
        """`72.50 kg`: as typed, with the unit."""
        vital = BY_CODE.get(self.code)
        unit = (
            vital.shown_unit
            if vital and vital.unit == self.unit
            else shown_unit(self.code, self.unit)
        )
        return f"{self.shown}{'' if unit in {'%', ''} else ' '}{unit}"


class Panel(NamedTuple):
    id: int
    ref: str
    effective_at: datetime
    note: str
    version: int
    recorded_at: datetime
    recorded_by_name: str
    changed_at: datetime
    changed_by_name: str
    error_at: datetime | None
    error_by_name: str | None
    error_reason: str | None

    @property
    def name(self) -> str:
        return "vital signs"


class Measured(NamedTuple):
    panel: Panel
    values: list[Value]


_PANELS = select(*columns(Panel, _panel)).where(
    _panel.c.patient_id == bindparam("patient_id"),
    _panel.c.category == ObservationCategory.VITAL_SIGNS,
)
_NEWEST_FIRST = _PANELS.order_by(_panel.c.effective_at.desc(), _panel.c.id.desc()).limit(PAGE + 1)
_OLDER = _NEWEST_FIRST.where(beyond((_panel.c.effective_at, _panel.c.id), operator.lt))
_PLACE = select(_panel.c.effective_at, _panel.c.id).where(
    _panel.c.ref == bindparam("ref"), _panel.c.patient_id == bindparam("patient_id")
)
_ONE = _PANELS.where(_panel.c.ref == bindparam("ref"))
_OF_PANELS = (
    select(*columns(Value, _observation))
    .join(_panel, _panel.c.id == _observation.c.panel_id)
    .where(
        _observation.c.panel_id.in_(bindparam("panels", expanding=True)),
        or_(_observation.c.error_at.is_(None), _panel.c.error_at.is_not(None)),
    )
    .order_by(_observation.c.id)
)
_VALID = select(*columns(Value, _observation)).where(
    _observation.c.patient_id == bindparam("patient_id"), _observation.c.error_at.is_(None)
)
LAST = tuple(
    select(
        _VALID.where(_observation.c.code == code)
        .order_by(_observation.c.effective_at.desc(), _observation.c.id.desc())
        .limit(1)
        .subquery()
    )
    for code in BY_CODE
)
"""One SELECT per vital sign, for the UNION of the summary."""
_LAST = union_all(*LAST)
_OVER_TIME = (
    _VALID.where(_observation.c.code.in_(tuple(BY_CODE)))
    .order_by(_observation.c.effective_at.desc(), _observation.c.id.desc())
    .limit(MOST_POINTS)
)


def vital_signs(
    context: Context, subject: Subject, before: str | None
) -> tuple[list[Measured], str | None]:
    """Sets of vital signs, newest first, and the reference with which the next page begins."""
    values: dict[str, object] = {"patient_id": subject.id}
    statement = _NEWEST_FIRST
    if before:
        place = context.session.execute(_PLACE, {**values, "ref": before}).one_or_none()
        if place is not None:
            statement = _OLDER
            values |= key_values(place)
    found = rows(context.session, Panel, statement, values)
    shown = found[:PAGE]
    return _with_values(context, shown), shown[-1].ref if len(found) > PAGE else None


def find(context: Context, subject: Subject, ref: str) -> Measured:
    panel = one_row(context.session, Panel, _ONE, {"patient_id": subject.id, "ref": ref})
    return _with_values(context, [panel])[0]


def _with_values(context: Context, panels: list[Panel]) -> list[Measured]:
    found = values_of(context, [panel.id for panel in panels])
    return [Measured(panel, found[panel.id]) for panel in panels]


def values_of(context: Context, panel_ids: Sequence[int]) -> dict[int, list[Value]]:
    """The values of each panel, in one statement: the valid ones, or all of a panel entered in error."""
    of_panel: dict[int, list[Value]] = {one: [] for one in panel_ids}
    if panel_ids:
        for value in rows(context.session, Value, _OF_PANELS, {"panels": panel_ids}):
            of_panel[value.panel_id].append(value)
    return of_panel


def last(context: Context, subject: Subject) -> dict[str, Value]:
    """The latest valid value of each vital sign, by code, in display order."""
    return in_order(rows(context.session, Value, _LAST, {"patient_id": subject.id}))


def in_order(found: Iterable[Value]) -> dict[str, Value]:
    by_code = {value.code: value for value in found}
    return {code: by_code[code] for code in BY_CODE if code in by_code}


def over_time(context: Context, subject: Subject) -> list[Value]:
    """The valid values of all vital signs, oldest first; the newest `MOST_POINTS` of them."""
    return rows(context.session, Value, _OVER_TIME, {"patient_id": subject.id})[::-1]
