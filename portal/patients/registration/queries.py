"""A patient's details, and likely duplicates of a person who is being registered."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, union
from sqlalchemy.orm import aliased

from portal.access import Deed
from portal.context import Context
from portal.models import Patient, PatientSearchTerm
from portal.models.base import table_of
from portal.patients.registration.likeness import PHONE_DIGITS_THAT_TELL, Likeness, likeness
from portal.patients.registration.rules import Demographics
from portal.patients.search import rules
from portal.reach.lookup import Subject

MOST = 5
CANDIDATES = 50
"""The most records that are compared for each kind of similarity."""

_patient = table_of(Patient)
_FIELDS = [field.name for field in fields(Demographics)]
_KEPT: Select[Any] = select(_patient.c.version, *(_patient.c[name] for name in _FIELDS)).where(
    _patient.c.id == bindparam("patient_id", type_=_patient.c.id.type)
)


class Kept(NamedTuple):
    """A patient's details, and the version of the record."""

    version: int
    demographics: Demographics


class Duplicate(NamedTuple):
    """A record that may be of the same person, and why."""

    patient: Patient
    demographics: Demographics
    likeness: Likeness


def kept_of(context: Context, subject: Subject) -> Kept:
    """The details of a patient whom the caller has opened."""
    row = context.session.execute(_KEPT, {"patient_id": subject.id}).one()
    return Kept(row.version, _demographics(row))


def likely_duplicates(context: Context, *, demographics: Demographics) -> list[Duplicate]:
    """At most `MOST` likely duplicates, the most likely first, each with an audit entry."""
    context.require(Deed.REGISTER_PATIENT)
    ids = [statement.limit(CANDIDATES).subquery() for statement in _near(demographics)]
    near = union(*(select(found.c.patient_id) for found in ids)).subquery()
    nearby = select(Patient).where(Patient.id.in_(select(near.c.patient_id)))
    likely = []
    for patient in context.session.scalars(nearby):
        theirs = _demographics(patient)
        if how := likeness(demographics, theirs):
            likely.append(Duplicate(patient, theirs, how))
    likely.sort(key=lambda one: (one.likeness.rank, one.patient.id))
    for patient, _, _ in likely[:MOST]:
        reference = Patient.reference(patient.ref)
        context.remember(
            Deed.REGISTER_PATIENT, of=reference, patient=patient.ref, shown_as="likely duplicate"
        )
    return likely[:MOST]


def _demographics(row: Any) -> Demographics:
    return Demographics(**{name: getattr(row, name) for name in _FIELDS})


def _near(person: Demographics) -> Iterator[Select[int]]:
    """Records with the same date of birth, phone number or name."""
    term = PatientSearchTerm
    born = f"{rules.BORN}{rules.birth_digits(person.birth_date)}"
    yield select(term.patient_id).where(term.term == born)
    ending = rules.phone_ending(person.phone or "")
    if len(ending) >= PHONE_DIGITS_THAT_TELL:
        yield select(term.patient_id).where(term.term == f"{rules.CALLED}{ending}")
    if names := _terms_of_name(person):
        birth = aliased(PatientSearchTerm)
        yield (
            select(term.patient_id)
            .join(birth, birth.patient_id == term.patient_id)
            .where(term.term.in_(names), _slips(birth, person))
        )


def _terms_of_name(person: Demographics) -> set[str]:
    """Pairs of first words and whole names, so that `O Connor` matches `O'Connor`; or the only name."""
    givens, families = (_ends(rules.words_of_name(name)) for name in (person.given, person.family))
    if not givens:
        return families
    return {rules.pair(given, family) for given in givens for family in families}


def _ends(words: list[str]) -> set[str]:
    """The first word, and all words joined into one."""
    return {*words[:1], *words[-1:]}


def _slips(birth: type[PatientSearchTerm], person: Demographics) -> ColumnElement[bool]:
    """Born in the same year, or in a year with one different digit."""
    digits = rules.birth_digits(person.birth_date)
    year = f"{rules.BORN}{digits[:4]}"
    other_years = [
        f"{rules.BORN}{digits[:place]}{digit}{digits[place + 1 :]}"
        for place in range(4)
        for digit in range(10)
    ]
    same_year = and_(birth.term >= year, birth.term < f"{year}~")
    return or_(same_year, birth.term.in_(other_years))
