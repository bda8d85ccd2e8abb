"""The form of vital signs. A new form is always empty and shows the previous values beside the boxes."""

import re
from collections.abc import Mapping
from datetime import datetime, time

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired

from portal.records.forms import RecordForm, entry_shown, line
from portal.records.observations.actions import VitalSigns
from portal.records.observations.queries import Measured, Value
from portal.records.observations.rules import BY_CODE, BY_FIELD, VITALS, clean_number
from portal.text import clean_paragraph
from portal.web import current, filters
from portal.web.forms import DateParts
from portal.web.seen import SeenForm, Shown

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
NOT_A_TIME = "Enter a time of the 24-hour clock, such as 9:05 or 14:30"


def clean_clock(text: str | None) -> str:
    typed = (text or "").strip()
    found = _CLOCK.fullmatch(typed)
    if typed and not found:
        raise ValueError(NOT_A_TIME)
    return f"{int(found[1])}:{found[2]}" if found else ""


def _now() -> datetime:
    context = current.context()
    return context.hospital.local(context.now)


class VitalsForm(RecordForm):
    first_on_page = (*(vital.field for vital in VITALS), "note")

    measured_on = DateParts("Day", [DataRequired("Enter the day")], default=lambda: _now().date())
    measured_at = StringField(
        "Time",
        filters=[clean_clock],
        validators=[DataRequired("Enter the time")],
        default=lambda: f"{_now():%H:%M}",
        render_kw={"width": "nhsuk-input--width-5"},
    )
    note = TextAreaField("Note (optional)", filters=[clean_paragraph])

    def beside(self, last: Mapping[str, Value]) -> None:
        """Sets the unit and the previous value beside each box."""
        for vital in VITALS:
            said = f"Unit: {vital.shown_unit}"
            if vital.code in last:
                value = last[vital.code]
                when = filters.short_day(current.hospital(), value.effective_at)
                said += f". Last time {value.said}, {when}"
            self[vital.field].description = said

    @property
    def measured(self) -> VitalSigns:
        """Use it only after the form has been validated."""
        hour, minute = (int(part) for part in self.measured_at.data.split(":"))
        return VitalSigns(
            values={field: self[field].data or "" for field in BY_FIELD},
            at=current.hospital().instant(self.measured_on.day, time(hour, minute)),
            note=self.note.data,
        )


for _vital in VITALS:
    setattr(
        VitalsForm,
        _vital.field,
        StringField(
            f"{_vital.name}",
            filters=[line(20), clean_number],
            render_kw={"width": "nhsuk-input--width-5", "inputmode": "decimal"},
        ),
    )


class ChangedVitalsForm(VitalsForm, SeenForm):
    pass


def vitals_shown(row: Measured) -> Shown:
    local = current.hospital().local(row.panel.effective_at)
    typed = {BY_CODE[it.code].field: it.value for it in row.values}
    values = {
        "measured_on": local.date(),
        "measured_at": f"{local.hour}:{local:%M}",
        "note": row.panel.note,
        **{field: typed.get(field, "") for field in BY_FIELD},
    }
    return entry_shown(row.panel, ", ".join(value.said for value in row.values), values)
