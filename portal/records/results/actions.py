"""Recording a laboratory report, correcting it, and marking it as entered in error."""

from collections.abc import Iterable

from portal.access import Deed
from portal.context import Context
from portal.models import ObservationPanel
from portal.reach.lookup import Subject
from portal.records import measuring, recording
from portal.records.measuring import Measurement
from portal.records.recording import NOTHING_SENT, Sent
from portal.records.releasing.actions import Hold, place
from portal.records.results import queries, rules
from portal.records.results.rules import Line, Results
from portal.seen import Seen
from portal.vocabulary import ObservationCategory

_DEED = Deed.RECORD_RESULTS


def record(
    context: Context,
    *,
    patient_ref: str,
    results: Results,
    sent: Sent = NOTHING_SENT,
    hold: Hold | None = None,
) -> str:
    """Adds a report, with `hold` held back from the patient at once; returns its reference.

    Raises `Unfit` for impossible results, `Unconfirmed` for unusual ones.
    """
    subject = context.find_patient(_DEED, patient_ref)
    lines = _checked(context, subject, results, sent.confirmed)
    values = {
        "category": ObservationCategory.LABORATORY,
        "title": results.panel.name,
        "panel_key": results.panel.key,
        "effective_at": results.at,
        "note": results.note,
        "encounter_id": recording.open_visit(context, subject, sent.visit),
    }
    ref = recording.add_row(context, subject, ObservationPanel, values)
    panel = measuring.panel_of(context, ref, results.at)
    measuring.add(context, subject, panel, [_measured(line) for line in lines])
    if hold:
        place(context, subject, (panel.id, ref), hold)
    _keep(context, subject, ref, lines)
    context.remember(_DEED, of=ObservationPanel.reference(ref), patient=subject.ref, added=True)
    return ref


def change(
    context: Context,
    *,
    patient_ref: str,
    report: Seen,
    results: Results,
    sent: Sent = NOTHING_SENT,
) -> None:
    """Corrects a report. Raises as `record`, or `ChangedMeanwhile`."""
    subject = context.find_patient(_DEED, patient_ref)
    _require_laboratory(context, subject, report.ref)
    lines = _checked(context, subject, results, sent.confirmed)
    values = {"effective_at": results.at, "note": results.note}
    recording.change_row(context, subject, (ObservationPanel, report), values)
    panel = measuring.panel_of(context, report.ref, results.at)
    measuring.replace(context, subject, panel, [_measured(line) for line in lines])
    _keep(context, subject, report.ref, lines)
    of = ObservationPanel.reference(report.ref)
    context.remember(_DEED, of=of, patient=subject.ref, version=report.version + 1)


def mark_in_error(context: Context, *, patient_ref: str, report: Seen, reason: str) -> None:
    """Marks the whole report as entered in error, and its values as no longer valid.

    Raises `ChangedMeanwhile` when somebody was first.
    """
    subject = context.find_patient(_DEED, patient_ref)
    _require_laboratory(context, subject, report.ref)
    recording.mark_in_error(context, _DEED, subject, (ObservationPanel, report), reason)
    measuring.end(context, report.ref)


def _require_laboratory(context: Context, subject: Subject, ref: str) -> None:
    """Raises `NotFound` for vital signs, and for a report that is hidden from the actor."""
    queries.find(context, subject, ref)


def _checked(context: Context, subject: Subject, results: Results, confirmed: str) -> list[Line]:
    rules.check(results)
    measuring.check_time(context, subject, results.at)
    lines = results.lines()
    recording.require_confirmed(rules.unusual(lines), confirmed)
    return lines


def _keep(context: Context, subject: Subject, ref: str, lines: Iterable[Line]) -> None:
    said = {line.analyte.name: line.said for line in lines}
    recording.keep_version(context, subject, (ObservationPanel, ref), said)


def _measured(line: Line) -> Measurement:
    code, unit = (line.unit.code, line.unit.unit) if line.unit else (line.analyte.answer_code, "")
    return Measurement(code, line.analyte.name, line.value, unit, line.comparator, line.value_text)
