"""The base of all forms, and fields that WTForms does not have."""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, StringField
from wtforms.validators import StopValidation

from portal import text
from portal.errors import Refused, Unfit
from portal.web import current, filters
from portal.web.submissions import new_key

REAL_DATE = "Enter a real date, such as 27/03/2026"


class PageForm(FlaskForm):  # type: ignore[misc]
    """The base of every form on a page."""

    first_on_page: ClassVar[tuple[str, ...]] = ()
    """Fields that the page shows first, if that is not the order of the class."""


class PortalForm(PageForm):
    """A form with its CSRF token and its one-time submission key."""

    submission = HiddenField(default=new_key)

    def say(self, fault: Refused) -> None:
        """Shows the message of an action beside its field or above all fields."""
        if isinstance(fault, Unfit) and fault.field in self:
            field = self[fault.field]
            field.errors = [*field.errors, fault.message]
        else:
            self.form_errors.append(fault.message)


class FilterForm(PageForm):
    """Filters of a list, from the query string. They change nothing, so there is no CSRF token."""

    first_on_page: ClassVar[tuple[str, ...]] = ()

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class RealDateField(DateField):  # type: ignore[misc]
    """A date as browsers send it (ISO 8601), within the years in which Python can calculate."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(REAL_DATE) from None
        if self.data is not None and not 1900 <= self.data.year <= 2200:
            self.data = None
            raise ValueError(REAL_DATE)


class LineField(StringField):  # type: ignore[misc]
    """One line of text. Invisible characters are refused, and removed when the form is shown again."""

    def clean(self, typed: str) -> str:
        """The text to store; raises `ValueError` with the error message."""
        return text.clean_line(typed)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0] if valuelist else ""
        self.data = "".join(sign for sign in " ".join(typed.split()) if sign.isprintable())
        self.data = self.clean(typed)


class DateParts(Field):  # type: ignore[misc]
    """A date as day, month and year in three boxes: `<name>-day`, `<name>-month`, `<name>-year`.

    `data` is a `date`, or None when nothing was typed; `parts` is the input, to show it again.
    """

    data: date | None

    def __init__(self, label: str = "", validators: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.parts: dict[str, str] = {"day": "", "month": "", "year": ""}

    def process(self, formdata: Any, data: Any = None, **options: Any) -> None:
        super().process(None, data if data is not None else self.default, **options)
        if isinstance(self.data, date):
            self.parts = {
                "day": str(self.data.day),
                "month": str(self.data.month),
                "year": str(self.data.year),
            }
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.parts):
            self.parts = {
                part: formdata.get(f"{self.name}-{part}", "").strip() for part in self.parts
            }
            self.raw_data = [part for part in self.parts.values() if part]
            self.data = None
            if self.raw_data:
                self._read()

    @property
    def day(self) -> date:
        """The date of a valid field."""
        if self.data is None:
            raise ValueError("there is no date yet")
        return self.data

    def said(self, day: date | None) -> str:
        """The value in words."""
        return filters.short_day(current.hospital(), day) if day else ""

    def _read(self) -> None:
        try:
            self.data = date(*(int(self.parts[part]) for part in ("year", "month", "day")))
        except (ValueError, OverflowError):
            self.process_errors.append("Enter a real date, such as 27 3 1984")

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.process_errors:
            raise StopValidation


def page_errors(form: PageForm) -> list[dict[str, str]]:
    """The error summary: errors of the form, then of each field in the page's order."""
    first = {name: place for place, name in enumerate(form.first_on_page)}
    items = [{"text": str(error)} for error in form.form_errors]
    for field in sorted(form, key=lambda field: first.get(field.short_name, len(first))):
        for error in field.errors:
            suffix = "-day" if isinstance(field, DateParts) else ""
            items.append({"text": str(error), "href": f"#{field.id}{suffix}"})
    return items
