"""A patient's problems."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, case, or_, select

from portal.context import Context
from portal.models import Condition
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.reach.lookup import Subject
from portal.records.conditions.rules import Problem
from portal.records.rules import key_of
from portal.vocabulary import ClinicalStatus, Severity, VerificationStatus

_condition = table_of(Condition)


class ProblemRow(NamedTuple):
    id: int
    ref: str
    name: str
    code: str | None
    clinical_status: ClinicalStatus
    verification_status: VerificationStatus
    severity: Severity | None
    onset: str
    abatement: str
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
    def holds(self) -> bool:
        return self.error_at is None and self.clinical_status is ClinicalStatus.ACTIVE


PAGE = 50
_ROWS = select(*columns(ProblemRow, _condition)).where(
    _condition.c.patient_id == bindparam("patient_id")
)
_ACTIVE = (
    _ROWS.where(
        _condition.c.error_at.is_(None), _condition.c.clinical_status == ClinicalStatus.ACTIVE
    )
    .order_by(_condition.c.name, _condition.c.id)
    .limit(bindparam("most"))
)
_OTHERS = (
    _ROWS.where(
        or_(
            _condition.c.error_at.is_not(None),
            _condition.c.clinical_status != ClinicalStatus.ACTIVE,
        ),
        _condition.c.id < bindparam("before"),
    )
    .order_by(_condition.c.id.desc())
    .limit(PAGE + 1)
)
_ONE = _ROWS.where(_condition.c.ref == bindparam("ref"))
_SAME = _ROWS.where(
    _condition.c.error_at.is_(None),
    or_(
        _condition.c.problem_key == bindparam("problem_key"),
        _condition.c.code == bindparam("code"),
    ),
).order_by(case((_condition.c.clinical_status == ClinicalStatus.ACTIVE, 0), else_=1))

MOST_ACTIVE = 200
LAST = 2**62


def active(context: Context, subject: Subject, most: int = MOST_ACTIVE) -> list[ProblemRow]:
    values = {"patient_id": subject.id, "most": most}
    return rows(context.session, ProblemRow, _ACTIVE, values)


def others(
    context: Context, subject: Subject, before: int | None
) -> tuple[list[ProblemRow], int | None]:
    """Past problems and those entered in error, newest first, and the key of the next page."""
    values = {"patient_id": subject.id, "before": before or LAST}
    found = rows(context.session, ProblemRow, _OTHERS, values)
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None


def find(context: Context, subject: Subject, ref: str) -> ProblemRow:
    return one_row(context.session, ProblemRow, _ONE, {"patient_id": subject.id, "ref": ref})


def same(context: Context, subject: Subject, problem: Problem) -> list[ProblemRow]:
    """Entries of the same problem, by code or by words; active ones first."""
    values = {
        "patient_id": subject.id,
        "problem_key": key_of(problem.name),
        "code": problem.code,
    }
    return rows(context.session, ProblemRow, _SAME, values)
