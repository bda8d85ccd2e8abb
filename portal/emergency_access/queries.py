"""Finding the one patient by number and birth date, and the list that administrators review."""

import operator
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, select

from portal.access import Deed
from portal.context import Context
from portal.errors import NotFound
from portal.models import Account, AuditEvent, EmergencyAccess, Patient, PatientSearchTerm
from portal.models.base import table_of
from portal.models.paging import beyond, key_values
from portal.models.rows import columns, one_row, rows
from portal.patients.search.rules import NUMBERED
from portal.vocabulary import ReviewOutcome

PAGE = 25

_access, _account, _event = map(table_of, (EmergencyAccess, Account, AuditEvent))
_patient, _term = table_of(Patient), table_of(PatientSearchTerm)

# The number of a merged record finds the record that was kept.
_BY_NUMBER = (
    select(_patient.c.id, _patient.c.ref)
    .join(_term, _term.c.patient_id == _patient.c.id)
    .where(
        _term.c.term == bindparam("term"),
        _patient.c.birth_date == bindparam("born"),
        _patient.c.merged_into_id.is_(None),
    )
)


class PatientKey(NamedTuple):
    id: int
    ref: str


class Review(NamedTuple):
    """One emergency access as an administrator sees it, without anything from the record."""

    ref: str
    version: int
    begun_at: datetime
    ends_at: datetime
    reason: str
    outcome: ReviewOutcome
    review_note: str
    reviewed_by_name: str | None
    reviewed_at: datetime | None
    who: str
    hospital_number: str
    entries: int
    """What the person did in this record during the access, from the audit trail."""


class Reviews(NamedTuple):
    rows: list[Review]
    next: str | None
    """The last one of this page; the next page begins after it."""


class _Key(NamedTuple):
    begun_at: datetime
    id: int


_ENTRIES = (
    select(func.count())
    .where(
        _event.c.patient_ref == _patient.c.ref,
        _event.c.actor_ref == _account.c.ref,
        _event.c.at.between(_access.c.begun_at, _access.c.ends_at),
    )
    .scalar_subquery()
)
_REVIEWS = (
    select(
        *columns(
            Review,
            _access,
            who=_account.c.name,
            hospital_number=_patient.c.hospital_number,
            entries=_ENTRIES,
        )
    )
    .join(_account, _account.c.id == _access.c.account_id)
    .join(_patient, _patient.c.id == _access.c.patient_id)
)
_KEY = (_access.c.begun_at, _access.c.id)
_LISTED = (
    _REVIEWS.where(_access.c.outcome == bindparam("outcome", type_=_access.c.outcome.type))
    .order_by(*(column.desc() for column in _KEY))
    .limit(PAGE + 1)
)
_OLDER = _LISTED.where(beyond(_KEY, operator.lt))
_KEY_OF = select(*columns(_Key, _access)).where(_access.c.ref == bindparam("ref"))
_ONE = _REVIEWS.where(and_(_access.c.ref == bindparam("ref")))


def patient_with(context: Context, *, hospital_number: str, born: date) -> PatientKey:
    """The patient with this number and birth date. `NotFound` does not say which of the two was wrong."""
    values = {"term": f"{NUMBERED}{hospital_number}", "born": born}
    found = context.session.execute(_BY_NUMBER, values).one_or_none()
    if found is None:
        raise NotFound
    return PatientKey(*found)


def reviews(context: Context, outcome: ReviewOutcome, *, before: str | None = None) -> Reviews:
    """The accesses with this outcome, newest first. Raises `NotFound` when `before` is not one of them."""
    context.require(Deed.REVIEW_EMERGENCY_ACCESS)
    statement, values = _LISTED, dict[str, Any](outcome=outcome)
    if before is not None:
        statement = _OLDER
        values |= key_values(one_row(context.session, _Key, _KEY_OF, {"ref": before}))
    found = rows(context.session, Review, statement, values)
    context.remember(Deed.REVIEW_EMERGENCY_ACCESS, step="list", outcome=outcome.value)
    return Reviews(found[:PAGE], found[PAGE - 1].ref if len(found) > PAGE else None)


def review_of(context: Context, ref: str) -> Review:
    context.require(Deed.REVIEW_EMERGENCY_ACCESS)
    found = one_row(context.session, Review, _ONE, {"ref": ref})
    of = EmergencyAccess.reference(ref)
    context.remember(Deed.REVIEW_EMERGENCY_ACCESS, of=of, opened=True)
    return found
