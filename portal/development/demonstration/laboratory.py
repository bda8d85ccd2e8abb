"""Laboratory results of the named patients: some over a year and a half, and one that is still held."""

from datetime import timedelta
from typing import NamedTuple

from portal.context import Context
from portal.records.panels.rules import BLOOD_COUNT, HBA1C, LIPIDS, METABOLIC, THYROID, Panel
from portal.records.releasing.actions import Hold
from portal.records.results import actions
from portal.records.results.rules import Entered, Results

HELD_DAYS = 7


class Report(NamedTuple):
    """`typed` is by field, in the panel's first unit; `held` is why the patient does not see it yet."""

    days_ago: int
    panel: Panel
    typed: dict[str, str]
    note: str = ""
    held: str = ""


def _lipids(days_ago: int, cholesterol: str, hdl: str, ldl: str) -> Report:
    return Report(days_ago, LIPIDS, {"cholesterol": cholesterol, "hdl": hdl, "ldl": ldl})


def _salts(days_ago: int, potassium: str, creatinine: str) -> Report:
    typed = {"sodium": "139", "potassium": potassium, "urea": "4.6", "creatinine": creatinine}
    return Report(days_ago, METABOLIC, typed)


REPORTS: dict[tuple[str, str], tuple[Report, ...]] = {
    ("Amina", "Okafor"): (
        *(_lipids(540, "6.4", "1.2", "4.3"), _lipids(300, "5.6", "1.3", "3.6")),
        *(_lipids(110, "5.1", "1.3", "3.2"), _lipids(18, "4.9", "1.40", "3.0")),
        *(_salts(540, "3.2", "71"), _salts(300, "3.9", "68"), _salts(18, "4.10", "70")),
        Report(110, HBA1C, {"hba1c": "38"}),
        Report(18, HBA1C, {"hba1c": "37"}),
        Report(18, THYROID, {"tsh": "1.85", "free-t4": "14.2"}),
        Report(
            9,
            BLOOD_COUNT,
            {"haemoglobin": "112", "leucocytes": "6.2", "mcv": "78", "platelets": "312"},
            note="The laboratory suggests testing ferritin.",
        ),
    ),
    ("Sami", "Haddad"): (
        Report(
            16,
            BLOOD_COUNT,
            {"haemoglobin": "121", "leucocytes": "8.4", "platelets": "290"},
            held="I will call his mother first and explain what comes next",
        ),
    ),
}


def add_reports(context: Context, ref: str, name: tuple[str, str]) -> None:
    """Adds the reports of this patient, recorded by the actor."""
    for report in REPORTS.get(name, ()):
        _add(context, ref, report)


def _add(context: Context, ref: str, report: Report) -> None:
    units = {one.field: one.units[0].unit if one.units else "" for one in report.panel.analytes}
    entered = {field: Entered(text, units[field]) for field, text in report.typed.items()}
    at = context.now - timedelta(days=report.days_ago)
    until = context.today + timedelta(days=HELD_DAYS)
    actions.record(
        context,
        patient_ref=ref,
        results=Results(report.panel, entered, at, report.note),
        hold=Hold(report.held, until) if report.held else None,
    )
