"""The base of every form, and the fields that WTForms lacks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.validators import StopValidation

from portal.web.submissions import new_key


class PortalForm(FlaskForm):  # type: ignore[misc]
    """A form with its CSRF token and its one-time submission key."""

    submission = HiddenField(default=new_key)


class FilterForm(FlaskForm):  # type: ignore[misc]
    """What a list is narrowed to, read from the query string; it changes nothing, so it has no token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        csrf = False


class DateParts(Field):  # type: ignore[misc]
    """A date as day, month and year in three boxes: `<name>-day`, `<name>-month`, `<name>-year`.

    `data` is a `date`, or None when nothing was typed; `parts` is what was typed, for showing again.
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
        """The date, of a field that was found valid."""
        if self.data is None:
            raise ValueError("there is no date yet")
        return self.data

    def _read(self) -> None:
        try:
            self.data = date(*(int(self.parts[part]) for part in ("year", "month", "day")))
        except (ValueError, OverflowError):
            self.process_errors.append("Enter a real date, such as 27 3 1984")

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002
        if self.process_errors:
            raise StopValidation


def page_errors(form: PortalForm) -> list[dict[str, str]]:
    """The items of the error summary, each a link to its field."""
    items = []
    for field in form:
        for error in field.errors:
            suffix = "-day" if isinstance(field, DateParts) else ""
            items.append({"text": str(error), "href": f"#{field.id}{suffix}"})
    items += [{"text": str(error)} for error in form.form_errors]
    return items
