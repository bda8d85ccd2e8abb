"""Recording vital signs, correcting them, and marking them as entered in error."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.access import Deed
from portal.context import Context
from portal.models import ObservationPanel
from portal.reach.lookup import Subject
from portal.records import measuring, recording
from portal.records.measuring import Measurement
from portal.records.observations import rules
from portal.records.observations.rules import BMI, BY_CODE, BY_FIELD
from portal.seen import Seen
from portal.vocabulary import ObservationCategory
from portal.words import months_between

_DEED = Deed.RECORD_OBSERVATIONS


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """One set of measurements: field → the number as typed, or empty."""

    values: Mapping[str, str]
    at: datetime
    note: str = ""

    def numbers(self) -> dict[str, str]:
        """The values by LOINC code, with computed ones."""
        typed = {BY_FIELD[field].code: value for field, value in self.values.items() if value}
        index = rules.body_mass_index(self.values)
        return {**typed, BMI.code: index} if index else typed

    def typed(self) -> list[Measurement]:
        numbers = self.numbers().items()
        return [
            Measurement(code, BY_CODE[code].name, value, BY_CODE[code].unit)
            for code, value in numbers
        ]

    def in_words(self) -> dict[str, str]:
        numbers = self.numbers().items()
        return {
            BY_CODE[code].name: f"{value} {BY_CODE[code].shown_unit}" for code, value in numbers
        }


def record(
    context: Context, *, patient_ref: str, measured: VitalSigns, confirmed: str, visit: str = ""
) -> str:
    """Adds a set of vital signs; returns its reference.

    Raises `Unfit` for impossible values, `Unconfirmed` for values unusual at the patient's age.
    """
    subject = context.find_patient(_DEED, patient_ref)
    _check(context, subject, measured, confirmed)
    encounter_id = recording.open_visit(context, subject, visit)
    values = {
        "category": ObservationCategory.VITAL_SIGNS,
        "title": ObservationCategory.VITAL_SIGNS.title,
        "effective_at": measured.at,
        "note": measured.note,
        "encounter_id": encounter_id,
    }
    ref = recording.add_row(context, subject, ObservationPanel, values)
    measuring.add(context, subject, measuring.panel_of(context, ref, measured.at), measured.typed())
    row = ObservationPanel, ref
    recording.keep_version(context, subject, row, measured.in_words())
    context.remember(_DEED, of=ObservationPanel.reference(ref), patient=subject.ref, added=True)
    return ref


def change(
    context: Context,
    *,
    patient_ref: str,
    panel: Seen,
    measured: VitalSigns,
    confirmed: str,
) -> None:
    """Corrects a set of values. Raises as `record`, or `ChangedMeanwhile`."""
    subject = context.find_patient(_DEED, patient_ref)
    _check(context, subject, measured, confirmed)
    values = {"effective_at": measured.at, "note": measured.note}
    recording.change_row(context, subject, (ObservationPanel, panel), values)
    stored = measuring.panel_of(context, panel.ref, measured.at)
    measuring.replace(context, subject, stored, measured.typed())
    recording.keep_version(context, subject, (ObservationPanel, panel.ref), measured.in_words())
    of = ObservationPanel.reference(panel.ref)
    context.remember(_DEED, of=of, patient=subject.ref, version=panel.version + 1)


def mark_in_error(context: Context, *, patient_ref: str, panel: Seen, reason: str) -> None:
    """Marks the whole set as entered in error, and its values as no longer valid.

    Raises `ChangedMeanwhile` when somebody was first.
    """
    subject = context.find_patient(_DEED, patient_ref)
    recording.mark_in_error(context, _DEED, subject, (ObservationPanel, panel), reason)
    measuring.end(context, panel.ref)


def _check(context: Context, subject: Subject, measured: VitalSigns, confirmed: str) -> None:
    rules.check(measured.values)
    measuring.check_time(context, subject, measured.at)
    months = months_between(subject.birth_date, context.hospital.today(measured.at))
    recording.require_confirmed(rules.unusual(measured.values, months), confirmed)
