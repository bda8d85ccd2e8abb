"""A patient's medicines: current, planned and ended ones."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.sql import ColumnElement

from portal.context import Context
from portal.models import AllergyIntolerance, MedicationRequest
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.records.medications.rules import Taken, taken
from portal.vocabulary import AdministrationRoute

PAGE, MOST = 50, 200
LAST = 2**62

_request = table_of(MedicationRequest)
_allergy = table_of(AllergyIntolerance)


class Medication(NamedTuple):
    id: int
    ref: str
    medication: str
    dose: str
    route: AdministrationRoute
    frequency: str
    starts_on: date
    ends_on: date | None
    note: str
    prescriber_name: str
    allergy_reason: str
    stopped_on: date | None
    stopped_by_name: str | None
    stop_reason: str | None
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
        return self.medication

    def taken(self, today: date) -> Taken:
        return taken(self.starts_on, self.ends_on, self.stopped_on, today)


def _not_ended() -> ColumnElement[bool]:
    today: BindParameter[date] = bindparam("today")
    return and_(
        _request.c.error_at.is_(None),
        or_(_request.c.ends_on.is_(None), _request.c.ends_on >= today),
        or_(_request.c.stopped_on.is_(None), _request.c.stopped_on > today),
    )


_ROWS = select(*columns(Medication, _request)).where(
    _request.c.patient_id == bindparam("patient_id")
)
_NOT_ENDED = _ROWS.where(_not_ended()).order_by(_request.c.medication, _request.c.id).limit(MOST)
_ENDED = (
    _ROWS.where(~_not_ended(), _request.c.id < bindparam("before"))
    .order_by(_request.c.id.desc())
    .limit(PAGE + 1)
)
_ONE = _ROWS.where(_request.c.ref == bindparam("ref"))
_SUBSTANCES = select(_allergy.c.substance).where(
    _allergy.c.patient_id == bindparam("patient_id"), _allergy.c.active_substance.is_not(None)
)


def not_ended(context: Context, subject: Subject) -> list[Medication]:
    """Current and planned medicines, by the hospital's date."""
    values = {"patient_id": subject.id, "today": context.today}
    return rows(context.session, Medication, _NOT_ENDED, values)


def current(context: Context, subject: Subject) -> list[Medication]:
    """Current medicines."""
    today = context.today
    return [row for row in not_ended(context, subject) if row.taken(today) is Taken.CURRENT]


def ended(
    context: Context, subject: Subject, before: int | None
) -> tuple[list[Medication], int | None]:
    """Ended medicines, newest first, and the key of the next page."""
    values = {"patient_id": subject.id, "today": context.today, "before": before or LAST}
    found = rows(context.session, Medication, _ENDED, values)
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None


def find(context: Context, subject: Subject, ref: str) -> Medication:
    return one_row(context.session, Medication, _ONE, {"patient_id": subject.id, "ref": ref})


def allergens(context: Context, subject: Subject) -> list[str]:
    """The substances of the active allergies."""
    return list(context.session.scalars(_SUBSTANCES, {"patient_id": subject.id}))
