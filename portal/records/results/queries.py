"""Laboratory reports: by time, the latest values, and one analyte over time.

Patients and their proxies get only the reports that they may know of: see `reach/scope.py`.
"""

import operator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, and_, bindparam, case, or_, select

from portal.context import Context
from portal.errors import NotFound
from portal.models import Observation, ObservationPanel, ResultHold
from portal.models.base import Instant, table_of
from portal.models.paging import beyond, key_values
from portal.models.rows import columns, one_row, rows
from portal.reach import scope
from portal.reach.lookup import Subject
from portal.records.observations.queries import Value, values_of
from portal.records.panels.rules import BY_CODE
from portal.records.releasing.queries import sees_all
from portal.vocabulary import ObservationCategory

PAGE, LATEST, MOST_POINTS = 20, 2, 2000

_observation, _panel, _hold = map(table_of, (Observation, ObservationPanel, ResultHold))
_NOW = bindparam("actor_now", type_=Instant())
_PATIENT_ID: BindParameter[int] = bindparam("patient_id")


class Report(NamedTuple):
    id: int
    ref: str
    title: str
    panel_key: str | None
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
    discussed_at: datetime | None
    discussed_by_name: str | None
    waits: int
    """Whether the patient wants a talk before they see it."""
    hold_ref: str | None
    hold_version: int | None
    held_until: datetime | None
    hold_reason: str | None
    held_by_name: str | None

    @property
    def name(self) -> str:
        return self.title


class Reported(NamedTuple):
    report: Report
    values: list[Value]


class _Key(NamedTuple):
    effective_at: datetime
    id: int


_OTHERS = {
    "waits": case((scope.waits_for_a_talk(), 1), else_=0),
    "hold_ref": _hold.c.ref,
    "hold_version": _hold.c.version,
    "held_until": _hold.c.ends_at,
    "hold_reason": _hold.c.reason,
    "held_by_name": _hold.c.held_by_name,
}
_KEY = (_panel.c.effective_at, _panel.c.id)


def _mine(everything: bool) -> tuple[Any, ...]:
    reports = _panel.c.patient_id == _PATIENT_ID
    laboratory = _panel.c.category == ObservationCategory.LABORATORY
    return (reports, laboratory) + (() if everything else (scope.results_for_the_patient(),))


@cache
def _reports(everything: bool) -> Select[Any]:
    lives = and_(
        _hold.c.panel_id == _panel.c.id, _hold.c.ended_at.is_(None), _hold.c.ends_at > _NOW
    )
    return (
        select(*columns(Report, _panel, **_OTHERS))
        .outerjoin(_hold, lives)
        .where(*_mine(everything))
    )


@cache
def _page(everything: bool, older: bool) -> Select[Any]:
    statement = _reports(everything).order_by(*(one.desc() for one in _KEY)).limit(PAGE + 1)
    return statement.where(beyond(_KEY, operator.lt)) if older else statement


@cache
def _key_of(everything: bool) -> Select[Any]:
    return select(*columns(_Key, _panel)).where(
        *_mine(everything), _panel.c.ref == bindparam("ref")
    )


def reports(
    context: Context, subject: Subject, before: str | None
) -> tuple[list[Reported], str | None]:
    """Reports, newest first, and the reference with which the next page begins."""
    everything, values = sees_all(context, subject), context.reach(patient_id=subject.id)
    if before:
        found = one_row(context.session, _Key, _key_of(everything), {**values, "ref": before})
        values |= key_values(found)
    page = rows(context.session, Report, _page(everything, bool(before)), values)
    shown = page[:PAGE]
    return _with_values(context, shown), shown[-1].ref if len(page) > PAGE else None


def find(context: Context, subject: Subject, ref: str) -> Reported:
    everything = sees_all(context, subject)
    statement = _reports(everything).where(_panel.c.ref == bindparam("ref"))
    values = context.reach(patient_id=subject.id, ref=ref)
    return _with_values(context, [one_row(context.session, Report, statement, values)])[0]


def _with_values(context: Context, found: list[Report]) -> list[Reported]:
    values = values_of(context, [one.id for one in found])
    return [Reported(one, values[one.id]) for one in found]


@cache
def latest(everything: bool) -> Select[Any]:
    """A SELECT of the values of the newest reports, for the summary of the record."""
    newest = (
        select(_panel.c.id)
        .where(*_mine(everything), _panel.c.error_at.is_(None))
        .order_by(*(one.desc() for one in _KEY))
        .limit(LATEST)
        .subquery()
    )
    return (
        select(*columns(Value, _observation))
        .join(newest, newest.c.id == _observation.c.panel_id)
        .where(_observation.c.error_at.is_(None))
    )


@cache
def _values(everything: bool) -> Select[Any]:
    return (
        select(*columns(Value, _observation))
        .join(_panel, _panel.c.id == _observation.c.panel_id)
        .where(*_mine(everything), _observation.c.error_at.is_(None))
    )


def over_time(context: Context, subject: Subject, value_ref: str) -> list[Value]:
    """The newest `MOST_POINTS` valid values of this analyte, oldest first."""
    statement, values = _values(sees_all(context, subject)), context.reach(patient_id=subject.id)
    one = statement.where(_observation.c.ref == bindparam("ref"))
    code = one_row(context.session, Value, one, {**values, "ref": value_ref}).code
    analyte = BY_CODE.get(code)
    of_analyte = _observation.c.code.in_(analyte.codes if analyte else (code,))
    newest = (_observation.c.effective_at.desc(), _observation.c.id.desc())
    found = statement.where(of_analyte).order_by(*newest).limit(MOST_POINTS)
    return rows(context.session, Value, found, values)[::-1]


def require_known(context: Context, subject: Subject, item_ref: str) -> None:
    """Raises `NotFound` only for a report that is hidden from the actor."""
    if sees_all(context, subject):
        return
    kept_away = select(_panel.c.id).where(
        _panel.c.ref == bindparam("ref"), or_(scope.is_held(), scope.waits_for_a_talk())
    )
    if context.session.execute(kept_away, context.reach(ref=item_ref)).first() is not None:
        raise NotFound
