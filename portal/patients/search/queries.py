"""Finds patients by the input of the search box, among those whom the actor may see.

Statements read ranges of the primary key of the search terms, starting with the rarest criterion. Two words
are looked up as a pair first: "Maria" and "Garcia" may each have thousands of rows, but "maria garcia" is one
short range. There are at most `MOST` hits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, or_, select, union

from portal.access import Deed, Relation
from portal.context import Context
from portal.models import Patient, PatientSearchTerm
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.patients.search import rules
from portal.patients.search.criteria import Criterion, parse_search
from portal.reach import scope
from portal.words import listed_name

MOST = 25

_patient, _term = table_of(Patient), table_of(PatientSearchTerm)

Shape = tuple[int, ...]
"""The number of alternatives of each criterion, the only thing on which the statement depends."""

Lines = Select[*tuple[Any, ...]]


class Hit(NamedTuple):
    """One line of the results."""

    ref: str
    family: str
    given: str
    birth_date: date
    hospital_number: str
    phone: str | None

    @property
    def listed_name(self) -> str:
        return listed_name(self.given, self.family)


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search, ordered by name. `more`: there were more than `MOST`."""

    hits: tuple[Hit, ...] = ()
    more: bool = False
    mistyped_number: bool = False
    """Nobody was found, and the typed ten digits are not a valid hospital number."""


def find_patients(context: Context, *, text: str) -> Found:
    """Patients who match all of `text`. The audit entry has the number of hits, but not the text."""
    relations = context.require(Deed.SEARCH_PATIENTS)
    search = parse_search(text, today=context.today)
    found: list[Hit] = []
    for criteria in _ways(search.criteria):
        found = _run(context, relations, criteria)
        if found:
            break
    hits = sorted(found[:MOST], key=_in_order_of_names)
    context.remember(Deed.SEARCH_PATIENTS, hits=len(hits))
    return Found(tuple(hits), len(found) > MOST, search.mistyped_number and not hits)


def _in_order_of_names(hit: Hit) -> tuple[str, str, date]:
    return rules.fold(hit.family), rules.fold(hit.given), hit.birth_date


def _ways(criteria: tuple[Criterion, ...]) -> list[tuple[Criterion, ...]]:
    """The criteria with words in pairs, then with single words; empty without criteria."""
    names = [one.prefixes[0] for one in criteria if one.prefixes[0][0].isalnum()]
    if len(names) < 2:
        return [criteria] if criteria else []
    pairs = [
        Criterion((rules.pair(first, second), rules.pair(second, first)))
        for first, second in zip(names[::2], names[1::2], strict=False)
    ]
    others = [one for one in criteria if one.prefixes[0] not in names[: len(pairs) * 2]]
    return [(*pairs, *others), criteria]


def _values(criteria: Sequence[Criterion]) -> dict[str, str]:
    values: dict[str, str] = {}
    for i, criterion in enumerate(criteria):
        for k, prefix in enumerate(criterion.prefixes):
            values |= {f"from_{i}_{k}": prefix, f"below_{i}_{k}": f"{prefix}~"}
    return values


def _run(
    context: Context, relations: frozenset[Relation], criteria: Sequence[Criterion]
) -> list[Hit]:
    shape = tuple(len(one.prefixes) for one in criteria)
    statement = _among_all if Relation.ANYONE in relations else _among_their_patients
    values = context.reach(**_values(criteria))
    return rows(context.session, Hit, statement(shape), values)


@cache
def _among_all(shape: Shape) -> Lines:
    first, terms, ranges = _criteria(shape)
    ids = select(first.c.patient_id).distinct().select_from(terms).where(*ranges)
    return _lines(ids.limit(MOST + 1).subquery())


@cache
def _among_their_patients(shape: Shape) -> Lines:
    """Lets the database choose whether to start with the terms or with the clinician's meetings."""
    parts = []
    for meetings in scope.theirs():
        first, terms, ranges = _criteria(shape)
        meeting = meetings.subquery()
        met = terms.join(meeting, meeting.c.patient_id == first.c.patient_id)
        ids = select(first.c.patient_id).distinct().select_from(met).where(*ranges)
        parts.append(select(ids.limit(MOST + 1).subquery().c.patient_id))
    return _lines(union(*parts).limit(MOST + 1).subquery())


def _criteria(shape: Shape) -> tuple[FromClause, FromClause, list[ColumnElement[bool]]]:
    """A self-join of the search terms, once per criterion, with the ranges."""
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
        select(*columns(Hit, _patient))
        .select_from(ids)
        .join(_patient, _patient.c.id == ids.c.patient_id)
    )
