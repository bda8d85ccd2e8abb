"""Marking a patient as deceased, and undoing it. Undoing does not restore the cancelled appointments."""

from datetime import date
from typing import Any

from sqlalchemy import update

from portal.access import Deed
from portal.appointments.ending.actions import end_all
from portal.chart.death import rules
from portal.context import Context
from portal.errors import ChangedMeanwhile, Unfit
from portal.models import Patient
from portal.models.base import table_of
from portal.models.rows import changed
from portal.reach.lookup import Subject
from portal.seen import Seen

_DEED = Deed.MARK_DECEASED
_patient = table_of(Patient)


def mark(context: Context, *, patient: Seen, ahead: int, died_on: date | None) -> int:
    """Marks the patient as deceased and cancels their future appointments; returns how many.

    `ahead` is how many the page showed. Raises `ChangedMeanwhile` when that number or the record has changed
    since.
    """
    subject = context.find_patient(_DEED, patient.ref)
    try:
        day = rules.check_day(died_on, subject.birth_date, context.today)
    except ValueError as fault:
        raise Unfit("died_on", str(fault)) from None
    _write(context, subject, patient, {"deceased_on": day}, was_deceased=False)
    context.remember(_DEED, of=subject.reference, patient=subject.ref, deceased=True)
    ended = end_all(context, _DEED, subject.id, subject.ref)
    if ended != ahead:
        raise ChangedMeanwhile
    return ended


def take_back(context: Context, *, patient: Seen) -> None:
    """Marks the patient as living. Cancelled appointments stay cancelled."""
    subject = context.find_patient(_DEED, patient.ref)
    _write(context, subject, patient, {"deceased_on": None}, was_deceased=True)
    context.remember(_DEED, of=subject.reference, patient=subject.ref, deceased=False)


def _write(
    context: Context, subject: Subject, seen: Seen, values: dict[str, Any], *, was_deceased: bool
) -> None:
    """Changes the patient's row, and so locks it until the transaction ends."""
    deceased_on = _patient.c.deceased_on
    as_it_was = update(_patient).where(
        _patient.c.id == subject.id,
        _patient.c.version == seen.version,
        _patient.c.merged_into_id.is_(None),
        deceased_on.is_not(None) if was_deceased else deceased_on.is_(None),
    )
    new = {**values, "version": _patient.c.version + 1, "updated_at": context.now}
    if changed(context.session, as_it_was.values(new)) == 0:
        raise ChangedMeanwhile
