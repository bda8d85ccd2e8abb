"""Finding the one thing that a page is about, if the actor may do the deed to it at all.

Raises `NotFound` for what is not there and for what is not theirs: the two look the same.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Relation, require
from portal.errors import NotFound
from portal.hospital import Hospital
from portal.models import scope
from portal.models.base import table_of
from portal.models.patients import AdministrativeGender, Patient, RelatedPerson, Relationship

_patient = table_of(Patient)
_related_person = table_of(RelatedPerson)


@dataclass(frozen=True, slots=True)
class Subject:
    """The patient whom a page or an action is about, with the few facts that tell them apart."""

    id: int
    ref: str
    hospital_number: str
    family: str
    given: str
    birth_date: date
    gender: AdministrativeGender
    deceased_on: date | None
    acted_for_as: Relationship | None
    """What the actor is to the patient, when they act for them (or are them)."""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def reference(self) -> str:
        return Patient.reference(self.ref)


@cache
def _find_patient(relations: frozenset[Relation]) -> Select[Any]:
    acts_as = (
        select(_related_person.c.relationship_kind)
        .where(scope.acting(), _related_person.c.patient_id == _patient.c.id)
        .scalar_subquery()
    )
    return select(
        _patient.c.id,
        _patient.c.ref,
        _patient.c.hospital_number,
        _patient.c.family,
        _patient.c.given,
        _patient.c.birth_date,
        _patient.c.gender,
        _patient.c.deceased_on,
        acts_as,
    ).where(
        _patient.c.ref == bindparam("ref"),
        _patient.c.merged_into_id.is_(None),
        scope.patients(relations),
    )


def find_patient(
    session: Session, *, by: Actor, deed: Deed, ref: str, hospital: Hospital, now: datetime
) -> Subject:
    """The patient with this reference, to whom `by` may do `deed`."""
    parameters = scope.parameters(by, hospital, now) | {"ref": ref}
    row = session.execute(_find_patient(require(by, deed)), parameters).one_or_none()
    if row is None:
        raise NotFound
    return Subject(*row)
