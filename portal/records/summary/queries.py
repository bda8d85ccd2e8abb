"""The summary of a record, in four statements."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, select, union_all

from portal.context import Context
from portal.models.rows import rows
from portal.reach.lookup import Subject
from portal.records.conditions import queries as conditions
from portal.records.conditions.queries import ProblemRow
from portal.records.medications import queries as medications
from portal.records.medications.queries import Medication
from portal.records.notes import queries as notes
from portal.records.notes.queries import NoteLine
from portal.records.observations import queries as observations
from portal.records.observations.queries import Value
from portal.records.observations.rules import BY_CODE
from portal.records.releasing.queries import sees_all
from portal.records.results import queries as results

MOST_PROBLEMS, LATEST_NOTES = 30, 5


class Summary(NamedTuple):
    """Allergies are in the patient's banner."""

    problems: list[ProblemRow]
    medicines: list[Medication]
    vitals: dict[str, Value]
    results: list[Value]
    """Values of the newest reports, newest first."""
    notes: list[NoteLine]


def summary_of(context: Context, subject: Subject) -> Summary:
    """The most important facts about a patient whom the caller has opened."""
    measured = _measured(context, subject)
    return Summary(
        conditions.active(context, subject, MOST_PROBLEMS),
        medications.current(context, subject),
        observations.in_order(measured),
        [value for value in measured if value.code not in BY_CODE],
        notes.latest(context, subject, LATEST_NOTES),
    )


@cache
def _last(everything: bool) -> CompoundSelect[Any]:
    """The last vital signs and results in one statement."""
    return union_all(*observations.LAST, select(results.latest(everything).subquery()))


def _measured(context: Context, subject: Subject) -> list[Value]:
    statement, values = _last(sees_all(context, subject)), context.reach(patient_id=subject.id)
    found = rows(context.session, Value, statement, values)
    return sorted(found, key=lambda value: (value.effective_at, value.panel_id), reverse=True)
