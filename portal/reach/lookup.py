"""Finding the row that a page is about, if the actor may do the deed to it.

Raises `NotFound` both when it does not exist and when the actor may not see it.
"""

from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, case, select, true
from sqlalchemy.orm import Session

from portal.access import Relation
from portal.errors import NotFound
from portal.models.allergies import AllergyIntolerance, NoKnownAllergies
from portal.models.base import table_of
from portal.models.patients import Patient, RelatedPerson
from portal.models.rows import columns
from portal.reach import scope
from portal.vocabulary import AdministrativeGender, Relationship, Severity
from portal.words import name_of

_patient = table_of(Patient)
_related_person = table_of(RelatedPerson)
_allergy = table_of(AllergyIntolerance)
_no_known_allergies = table_of(NoKnownAllergies)


class KnownAllergy(NamedTuple):
    substance: str
    severity: Severity | None
    reaction: str


class KnownAllergies(NamedTuple):
    """The allergies in a patient's banner."""

    holding: tuple[KnownAllergy, ...]
    """The active ones, severe ones first."""
    none_stated_at: datetime | None
    """When it was recorded that there are none."""
    none_stated_by: str | None

    @property
    def substances(self) -> list[str]:
        """Severe ones end in `(severe)`."""
        return [
            f"{one.substance} (severe)" if one.severity is Severity.SEVERE else one.substance
            for one in self.holding
        ]


class Subject(NamedTuple):
    """The patient of a page or an action, with the facts that identify them."""

    id: int
    ref: str
    hospital_number: str
    family: str
    given: str
    birth_date: date
    gender: AdministrativeGender
    deceased_on: date | None
    acted_for_as: Relationship | None
    """The actor's relationship when they act for the patient (or are the patient)."""
    emergency_until: datetime | None = None
    """The end of the actor's emergency access, if they have one."""
    allergies: KnownAllergies | None = None
    """None when the actor may not see them, and when they were not requested."""

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)

    @property
    def called(self) -> str:
        """The name for use in a sentence: the first names, or the only name."""
        return self.given or self.family

    @property
    def reference(self) -> str:
        return Patient.reference(self.ref)


_OF_THE_ACTOR = {"acted_for_as", "emergency_until", "allergies"}


@cache
def _find_patient(relations: frozenset[Relation]) -> Select[Any]:
    acts_as = (
        select(_related_person.c.relationship_kind)
        .where(scope.acting(), _related_person.c.patient_id == _patient.c.id)
        .scalar_subquery()
    )
    facts = [name for name in Subject._fields if name not in _OF_THE_ACTOR]
    until = scope.emergency_until(_patient.c.id).label("emergency_until")
    return select(
        *(_patient.c[name] for name in facts), acts_as.label("acted_for_as"), until
    ).where(
        _patient.c.ref == bindparam("ref"),
        _patient.c.merged_into_id.is_(None),
        scope.patients(relations),
    )


@cache
def _find_with_allergies(
    relations: frozenset[Relation], to_record: frozenset[Relation]
) -> Select[Any]:
    """One row per allergy, so that the allergies need no statement of their own."""
    sees = scope.patients(to_record) if to_record != relations else true()
    return (
        _find_patient(relations)
        .add_columns(
            *columns(KnownAllergy, _allergy),
            _no_known_allergies.c.stated_at,
            _no_known_allergies.c.stated_by_name,
            case((sees, 1), else_=0),
        )
        .outerjoin(
            _no_known_allergies,
            and_(
                _no_known_allergies.c.patient_id == _patient.c.id, _no_known_allergies.c.live == 1
            ),
        )
        .outerjoin(
            _allergy,
            and_(
                _allergy.c.patient_id == _patient.c.id,
                _allergy.c.active_substance.is_not(None),
                sees,
            ),
        )
        .order_by(_allergy.c.severity != Severity.SEVERE, _allergy.c.substance)
    )


def patient(session: Session, relations: frozenset[Relation], values: dict[str, Any]) -> Subject:
    """The patient with the reference `values["ref"]`, if one of these relations includes them."""
    found = session.execute(_find_patient(relations), values).one_or_none()
    if found is None:
        raise NotFound
    return Subject(*found)


def patient_with_allergies(
    session: Session,
    relations: frozenset[Relation],
    values: dict[str, Any],
    to_record: frozenset[Relation],
) -> Subject:
    """As `patient`, with the allergies if one of the relations `to_record` includes the patient too."""
    found = session.execute(_find_with_allergies(relations, to_record), values).all()
    if not found:
        raise NotFound
    *facts, _, _, _, stated_at, stated_by, sees = found[0]
    subject = Subject(*facts)
    if not sees:
        return subject
    holding = tuple(
        KnownAllergy(row.substance, row.severity, row.reaction)
        for row in found
        if row.substance is not None
    )
    return subject._replace(allergies=KnownAllergies(holding, stated_at, stated_by))


_LED = select(_patient.c.ref, _patient.c.merged_into_id)


def kept_instead(session: Session, ref: str) -> str:
    """The reference of the record into which this one was merged, through any number of merges.

    Raises `NotFound` for any other reference. The caller must still check access.
    """
    row = session.execute(_LED.where(_patient.c.ref == ref)).one_or_none()
    if row is None or row.merged_into_id is None:
        raise NotFound
    while row.merged_into_id is not None:
        row = session.execute(_LED.where(_patient.c.id == row.merged_into_id)).one()
    return str(row.ref)
