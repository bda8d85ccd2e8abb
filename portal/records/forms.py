"""The base of all forms of the record: the version that was shown, and warnings to confirm."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask import render_template, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired

from portal.reach.lookup import Subject
from portal.records import rules
from portal.records.recording import Unconfirmed, confirmation_of
from portal.text import clean_line, clean_paragraph
from portal.web import current, filters
from portal.web.form_pages import Answer, round_trip
from portal.web.forms import PortalForm, page_errors
from portal.web.seen import SeenForm, Shown

NOT_GIVEN = {"": "Not known"}


class Entry(Protocol):
    """The fields of every row of the record."""

    @property
    def version(self) -> int: ...
    @property
    def changed_by_name(self) -> str: ...
    @property
    def changed_at(self) -> datetime: ...
    @property
    def error_at(self) -> datetime | None: ...


def entry_shown(entry: Entry, name: str, values: Mapping[str, Any] | None = None) -> Shown:
    """An entry as its page shows it, with the person who saved it last."""
    hospital, at = current.hospital(), entry.error_at or entry.changed_at
    when = f"{filters.short_day(hospital, at)} at {filters.clock(hospital, at)}"
    if entry.error_at:
        return Shown(entry.version, f"{name}. Entered in error on {when}", values or {})
    who = f"{entry.changed_by_name} changed this on {when}."
    return Shown(entry.version, name, values or {}, who)


class RecordForm(PortalForm):
    confirmed = HiddenField(default="")
    visit = HiddenField(default="")
    """The reference of the visit in which this entry is recorded, or None."""
    warnings: tuple[str, ...] = ()

    def ask(self, warnings: tuple[str, ...]) -> None:
        """Shows the warnings; sending the form from that page confirms them."""
        self.warnings = warnings
        self.confirmed.data = confirmation_of(warnings)


def entry_round_trip(
    form: RecordForm, send: Callable[[], Response], show: Callable[[], str]
) -> Answer:
    """As `round_trip`, with warnings to confirm."""

    def attempt() -> Response:
        try:
            return send()
        except Unconfirmed as fault:
            form.ask(fault.warnings)
            raise

    return round_trip(form, attempt, show)


def form_page(
    subject: Subject, form: PortalForm, back: tuple[str, str], title: str, **extra: Any
) -> str:
    """The page of any form of the record. `back` is the endpoint and the text of the back link."""
    endpoint, text = back
    template = extra.pop("template", "records/form.html")
    return render_template(
        template,
        subject=subject,
        form=form,
        errors=page_errors(form),
        title=title,
        back=(url_for(endpoint, patient_ref=subject.ref), text),
        **extra,
    )


class InErrorForm(SeenForm):
    reason = TextAreaField(
        "Why was it entered in error?",
        description="For example: entered for the wrong patient",
        filters=[clean_paragraph],
        validators=[DataRequired("Say why it was entered in error")],
    )


def line(length: int) -> Callable[[str | None], str]:
    """A filter for one line with at most this many characters."""
    return lambda text: clean_line(text, length)


def partial_date(text: str | None) -> str:
    return rules.partial_date(clean_line(text))
