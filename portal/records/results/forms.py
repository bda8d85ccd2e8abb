"""The forms of a report: one per panel. A new one is always empty."""

from datetime import time
from functools import cache
from typing import Any

from wtforms import Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.records.forms import RecordForm, entry_shown, line
from portal.records.observations.forms import clean_clock
from portal.records.panels.rules import Analyte, Panel
from portal.records.releasing.actions import Hold
from portal.records.releasing.forms import AT_ONCE, HELD, WHEN
from portal.records.results.queries import Reported
from portal.records.results.rules import Entered, Results, clean_result
from portal.text import clean_paragraph
from portal.web import current
from portal.web.forms import DateParts
from portal.web.seen import SeenForm, Shown

NOT_TESTED = {"": "Not tested"}


class ResultsForm(RecordForm):
    panel: Panel

    measured_on = DateParts("Day of the sample", [DataRequired("Enter the day of the sample")])
    measured_at = StringField(
        "Time of the sample",
        description="By the 24-hour clock, such as 9:05 or 14:30",
        filters=[clean_clock],
        validators=[DataRequired("Enter the time of the sample")],
        render_kw={"width": "nhsuk-input--width-5"},
    )
    note = TextAreaField(
        "Note (optional)",
        description="For example, what the laboratory wrote about the sample",
        filters=[clean_paragraph],
    )
    when_shown = RadioField("When does the patient see it?", choices=WHEN, default=AT_ONCE)
    hold_reason = TextAreaField(
        "If it is held: why? Only staff see this", filters=[clean_paragraph]
    )
    hold_until = DateParts("If it is held: until which day?")

    @property
    def results(self) -> Results:
        """Use it only after the form has been validated."""
        hour, minute = (int(part) for part in self.measured_at.data.split(":"))
        at = current.hospital().instant(self.measured_on.day, time(hour, minute))
        entered = {one.field: self._entered(one) for one in self.panel.analytes}
        return Results(self.panel, entered, at, self.note.data)

    def _entered(self, analyte: Analyte) -> Entered:
        unit = self[unit_field(analyte)].data if len(analyte.units) > 1 else ""
        if len(analyte.units) == 1:
            unit = analyte.units[0].unit
        return Entered(self[analyte.field].data or "", unit)

    @property
    def hold(self) -> Hold | None:
        if self.when_shown.data != HELD:
            return None
        return Hold(self.hold_reason.data, self.hold_until.data)


def unit_field(analyte: Analyte) -> str:
    return f"{analyte.field}-unit"


def _box(analyte: Analyte) -> Field:
    if analyte.answers:
        choices = NOT_TESTED | {answer: answer for answer in analyte.answers}
        return SelectField(analyte.name, choices=choices, default="")
    said = analyte.units[0].shown_unit if len(analyte.units) == 1 else ""
    return StringField(
        analyte.name,
        description=f"Unit: {said}" if said else "",
        filters=[line(20), clean_result],
        render_kw={"width": "nhsuk-input--width-5"},
    )


class ChangedResultsForm(ResultsForm, SeenForm):
    """A recorded report has a separate form for when the patient sees it."""

    when_shown = None
    hold_reason = None
    hold_until: Any = None


@cache
def form_of(panel: Panel) -> type[ResultsForm]:
    return type("PanelForm", (ResultsForm,), _fields_of(panel))


@cache
def changed_form_of(panel: Panel) -> type[ChangedResultsForm]:
    return type("ChangedPanelForm", (ChangedResultsForm,), _fields_of(panel))


def _fields_of(panel: Panel) -> dict[str, object]:
    fields: dict[str, object] = {"panel": panel}
    for analyte in panel.analytes:
        fields[analyte.field] = _box(analyte)
        if len(analyte.units) > 1:
            choices = {one.unit: one.shown_unit for one in analyte.units}
            fields[unit_field(analyte)] = SelectField(f"Unit of {analyte.name}", choices=choices)
    fields["first_on_page"] = ("measured_on", "measured_at", *fields)
    return fields


def said_of(found: Reported) -> str:
    return ", ".join(f"{value.name} {value.said}" for value in found.values)


def results_shown(found: Reported, panel: Panel) -> Shown:
    report = found.report
    local = current.hospital().local(report.effective_at)
    by_code = {value.code: value for value in found.values}
    values = {
        "measured_on": local.date(),
        "measured_at": f"{local.hour}:{local:%M}",
        "note": report.note,
    }
    for analyte in panel.analytes:
        value = next((by_code[code] for code in analyte.codes if code in by_code), None)
        values[analyte.field] = value.shown if value else ""
        if len(analyte.units) > 1:
            values[unit_field(analyte)] = value.unit if value else analyte.units[0].unit
    return entry_shown(report, said_of(found), values)
