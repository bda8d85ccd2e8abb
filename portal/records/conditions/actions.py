"""Recording problems and changing them."""

from dataclasses import asdict

from portal.access import Deed
from portal.context import Context
from portal.models import Condition
from portal.records import recording
from portal.records.conditions import queries, rules
from portal.records.conditions.rules import ICD_10_CM, Problem, ProblemDetails
from portal.records.recording import NOTHING_SENT, Sent
from portal.records.rules import key_of
from portal.seen import Seen

_DEED = Deed.RECORD_PROBLEM


def record(
    context: Context,
    *,
    patient_ref: str,
    problem: Problem,
    details: ProblemDetails,
    sent: Sent = NOTHING_SENT,
) -> str:
    """Adds a problem; returns its reference.

    Raises `Unconfirmed` when the record has the same problem, active or not, and the warning was not
    confirmed.
    """
    subject = context.find_patient(_DEED, patient_ref)
    rules.check(details, subject.birth_date, context.today)
    encounter_id = recording.open_visit(context, subject, sent.visit)
    same = queries.same(context, subject, problem)
    recording.require_confirmed(tuple(_warning(row) for row in same[:1]), sent.confirmed)
    values = {
        **asdict(details),
        "name": problem.name,
        "problem_key": key_of(problem.name),
        "code": problem.code,
        "code_system": ICD_10_CM if problem.code else None,
        "encounter_id": encounter_id,
    }
    return recording.add(context, _DEED, subject, Condition, values)


def _warning(row: queries.ProblemRow) -> str:
    status = row.clinical_status.title.lower()
    return f"“{row.name}” is in the record already, as {status}."


def change(context: Context, *, patient_ref: str, problem: Seen, details: ProblemDetails) -> None:
    """Raises `ChangedMeanwhile` when somebody was first."""
    subject = context.find_patient(_DEED, patient_ref)
    rules.check(details, subject.birth_date, context.today)
    recording.change(context, _DEED, subject, (Condition, problem), asdict(details))


def mark_in_error(context: Context, *, patient_ref: str, problem: Seen, reason: str) -> None:
    """Raises `ChangedMeanwhile` when somebody was first."""
    subject = context.find_patient(_DEED, patient_ref)
    recording.mark_in_error(context, _DEED, subject, (Condition, problem), reason)
