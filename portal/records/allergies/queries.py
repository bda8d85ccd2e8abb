"""A patient's allergies, and the statement that there are none."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, select

from portal.context import Context
from portal.models import AllergyIntolerance, NoKnownAllergies, Patient
from portal.models.base import table_of
from portal.models.rows import columns, one_row
from portal.reach.lookup import Subject
from portal.vocabulary import AllergyCategory, ClinicalStatus, Severity, VerificationStatus

_allergy = table_of(AllergyIntolerance)
_none = table_of(NoKnownAllergies)
_patient = table_of(Patient)
_stated = _none.alias("stated")


class Allergy(NamedTuple):
    ref: str
    substance: str
    category: AllergyCategory
    reaction: str
    severity: Severity | None
    verification_status: VerificationStatus
    clinical_status: ClinicalStatus
    onset: str
    note: str
    version: int
    recorded_at: datetime
    recorded_by_name: str
    changed_at: datetime
    changed_by_name: str
    error_at: datetime | None
    error_by_name: str | None
    error_reason: str | None
    given_way_at: datetime | None

    @property
    def name(self) -> str:
        return self.substance

    @property
    def holds(self) -> bool:
        return (
            self.error_at is None
            and self.given_way_at is None
            and self.clinical_status is ClinicalStatus.ACTIVE
        )


class NoneKnown(NamedTuple):
    stated_at: datetime
    stated_by_name: str


class Allergies(NamedTuple):
    """`none_known` is the statement that there are none. An active allergy overrides it."""

    all: list[Allergy]
    none_known: NoneKnown | None
    statements: int
    """How many statements that there are none were made."""

    @property
    def version(self) -> int:
        """Grows with each change of an allergy, and with each statement."""
        return self.statements + sum(row.version for row in self.all)

    @property
    def holding(self) -> list[Allergy]:
        return [row for row in self.all if row.holds]

    @property
    def clash(self) -> bool:
        return self.none_known is not None and bool(self.holding)


_ROWS = select(*columns(Allergy, _allergy)).where(_allergy.c.patient_id == bindparam("patient_id"))
_STATEMENTS = (
    select(func.count(_stated.c.id))
    .where(_stated.c.patient_id == _patient.c.id)
    .scalar_subquery()
    .label("statements")
)
_ALL = (
    select(_none.c.stated_at, _none.c.stated_by_name, _STATEMENTS, *columns(Allergy, _allergy))
    .select_from(
        _patient.outerjoin(
            _none, and_(_none.c.patient_id == _patient.c.id, _none.c.live == 1)
        ).outerjoin(_allergy, _allergy.c.patient_id == _patient.c.id)
    )
    .where(_patient.c.id == bindparam("patient_id"))
    .order_by(
        case((_allergy.c.active_substance.is_not(None), 0), else_=1),
        _allergy.c.error_at.is_not(None),
        _allergy.c.substance,
        _allergy.c.id,
    )
)
"""At least one row: the statement that there are none, joined with each allergy."""
_ONE = _ROWS.where(_allergy.c.ref == bindparam("ref"))


def allergies_of(context: Context, subject: Subject) -> Allergies:
    """Active ones first, then past ones, then those entered in error."""
    found = context.session.execute(_ALL, {"patient_id": subject.id}).all()
    stated_at, stated_by_name, statements, *_ = found[0]
    return Allergies(
        [Allergy._make(facts) for _, _, _, *facts in found if facts[0] is not None],
        NoneKnown(stated_at, stated_by_name) if stated_at else None,
        statements,
    )


def find(context: Context, subject: Subject, ref: str) -> Allergy:
    return one_row(context.session, Allergy, _ONE, {"patient_id": subject.id, "ref": ref})
