from collections.abc import Iterable
from typing import Any

from wtforms import TextAreaField

from portal import text
from portal.schedules.clinics.actions import ClinicFacts
from portal.schedules.forms import HoursField, at_most, line
from portal.schedules.lookup import FoundClinic
from portal.schedules.rules import Span
from portal.web import current
from portal.web.seen import SeenForm, Shown
from portal.words import weekday, weekdays


def _printable(typed: str | None) -> str:
    """Removes invisible characters, because the form may be shown again. Keeps line breaks."""
    return "".join(sign for sign in typed or "" if sign.isprintable() or sign == "\n")


def _hours(day: int) -> HoursField:
    return HoursField("", day)


class ClinicForm(SeenForm):
    name = line("Name", 100, "Enter the clinic's name")
    phone = line("Phone number (optional)", 32)
    address = TextAreaField(
        "Where it is (optional)",
        filters=[_printable, text.clean_paragraph],
        validators=[at_most(500)],
    )
    hours_0 = _hours(0)
    hours_1 = _hours(1)
    hours_2 = _hours(2)
    hours_3 = _hours(3)
    hours_4 = _hours(4)
    hours_5 = _hours(5)
    hours_6 = _hours(6)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for day in range(7):
            self[f"hours_{day}"].label.text = weekday(day, current.hospital().locale)

    @property
    def week(self) -> list[HoursField]:
        """The hours of each day, in the locale's order of the week."""
        return [self[f"hours_{day}"] for day in weekdays(current.hospital().locale)]

    @property
    def facts(self) -> ClinicFacts:
        spans: list[Span] = [span for day in range(7) for span in self[f"hours_{day}"].data or ()]
        return ClinicFacts(self.name.data, self.phone.data, self.address.data, tuple(spans))


def clinic_shown(clinic: FoundClinic, hours: Iterable[Span] = ()) -> Shown:
    values = {"name": clinic.name, "phone": clinic.phone, "address": clinic.address}
    spans = list(hours)
    by_day = {f"hours_{day}": [one for one in spans if one.weekday == day] for day in range(7)}
    words = clinic.name if clinic.active else f"{clinic.name}. Closed"
    return Shown(clinic.version, words, {**values, **by_day})
