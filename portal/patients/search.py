"""Finding patients by what was typed into the one search box, among those that the actor may see.

The table of search terms is read by ranges of its primary key, and the database starts from the
rarest criterion. Two words are looked up as a pair first: "Maria" and "Garcia" may be thousands each,
"maria garcia" is one short range. What is left bounded by nothing else stops at `MOST` hits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Relation, require
from portal.hospital import Hospital
from portal.models import Patient, PatientSearchTerm, scope
from portal.models.base import table_of
from portal.patients import rules
from portal.patients.search_text import Criterion, parse_search

MOST = 25

_patient, _term = table_of(Patient), table_of(PatientSearchTerm)

Shape = tuple[int, ...]
"""How many alternatives each criterion has: all that the form of a statement depends on."""

Lines = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results."""

    ref: str
    family: str
    given: str
    birth_date: date
    hospital_number: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave, in the order of names. `more` when there were more than `MOST`."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    mistyped_number: bool = False
    """Nobody was found, and the ten digits that were typed are no hospital number."""


def find_patients(
    session: Session, *, by: Actor, text: str, hospital: Hospital, now: datetime
) -> Found:
    """Patients who meet everything in `text`; audited with their number, never with the text."""
    relations = require(by, Deed.SEARCH_PATIENTS)
    search = parse_search(text, today=hospital.today(now))
    rows: Sequence[Any] = ()
    for criteria in _ways(search.criteria):
        shape = tuple(len(one.prefixes) for one in criteria)
        values = scope.parameters(by, hospital, now) | _values(criteria)
        if rows := _run(session, relations, shape, values):
            break
    hits = [Hit(*row) for row in rows[:MOST]]
    hits.sort(key=lambda hit: (rules.fold(hit.family), rules.fold(hit.given), hit.birth_date))
    audit.remember(session, by=by, deed=Deed.SEARCH_PATIENTS, now=now, hits=len(hits))
    return Found(tuple(hits), len(rows) > MOST, search.mistyped_number and not hits)


def _ways(criteria: tuple[Criterion, ...]) -> list[tuple[Criterion, ...]]:
    """The criteria with their words in pairs, then as they are; none when there are none."""
    names = [one.prefixes[0] for one in criteria if one.prefixes[0][0].isalnum()]
    if len(names) < 2:
        return [criteria] if criteria else []
    pairs = [
        Criterion((rules.pair(first, second), rules.pair(second, first)))
        for first, second in zip(names[::2], names[1::2], strict=False)
    ]
    others = [one for one in criteria if one.prefixes[0] not in names[: len(pairs) * 2]]
    return [(*pairs, *others), criteria]


def _values(criteria: tuple[Criterion, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for i, criterion in enumerate(criteria):
        for k, prefix in enumerate(criterion.prefixes):
            values |= {f"from_{i}_{k}": prefix, f"below_{i}_{k}": f"{prefix}~"}
    return values


def _run(
    session: Session, relations: frozenset[Relation], shape: Shape, values: dict[str, str]
) -> Sequence[Any]:
    statement = _among_all if Relation.ANYONE in relations else _among_their_patients
    return session.execute(statement(shape), values).all()


@cache
def _among_all(shape: Shape) -> Lines:
    first, terms, ranges = _criteria(shape)
    ids = select(first.c.patient_id).distinct().select_from(terms).where(*ranges)
    return _lines(ids.limit(MOST + 1).subquery())


@cache
def _among_their_patients(shape: Shape) -> Lines:
    """Leaves to the database whether to begin with the terms or with the clinician's meetings."""
    parts = []
    for meetings in scope.their_meetings():
        first, terms, ranges = _criteria(shape)
        meeting = meetings.subquery()
        met = terms.join(meeting, meeting.c.patient_id == first.c.patient_id)
        ids = select(first.c.patient_id).distinct().select_from(met).where(*ranges)
        parts.append(select(ids.limit(MOST + 1).subquery().c.patient_id))
    return _lines(union(*parts).limit(MOST + 1).subquery())


def _criteria(shape: Shape) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
    """The search terms joined to themselves, once for each criterion, and the ranges they are in."""
    terms = [_term.alias() for _ in shape]
    joined: FromClause = terms[0]
    for term in terms[1:]:
        joined = joined.join(term, term.c.patient_id == terms[0].c.patient_id)
    ranges = [
        or_(*(_begins(term, f"{i}_{k}") for k in range(alternatives)))
        for i, (term, alternatives) in enumerate(zip(terms, shape, strict=True))
    ]
    return terms[0], joined, ranges


def _begins(term: FromClause, name: str) -> ColumnElement[bool]:
    return and_(term.c.term >= bindparam(f"from_{name}"), term.c.term < bindparam(f"below_{name}"))


def _lines(ids: FromClause) -> Lines:
    return (
        select(
            _patient.c.ref,
            _patient.c.family,
            _patient.c.given,
            _patient.c.birth_date,
            _patient.c.hospital_number,
            _patient.c.phone,
        )
        .select_from(ids)
        .join(_patient, _patient.c.id == ids.c.patient_id)
    )
