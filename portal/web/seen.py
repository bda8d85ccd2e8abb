"""Forms that change existing rows: each contains the version that its page showed, and that state in words.

A form may be sent long after its page was opened: by a person, by a page that waited for the database, or
after signing in again. If the row has changed, the page says what changed, keeps the input, and asks for a
new confirmation before anything is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, request
from markupsafe import Markup
from wtforms import Field, HiddenField

from portal import words
from portal.errors import CHANGED
from portal.seen import Seen, all_seen
from portal.web import current
from portal.web.forms import PortalForm

VERSION, SHOWN = "version", "shown"
LONGEST_SHOWN = 400

LOOK_AGAIN = "Check what is shown here now. If you still want to do it, send it again."
_FIELDS = Markup(
    '<input type="hidden" name="version" value="{}"><input type="hidden" name="shown" value="{}">'
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as a page shows it."""

    version: int | tuple[int, ...]
    """Several when the page is about several rows."""
    words: str = ""
    """The state in one line."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """The values, by the names of the form's fields."""
    who: str = ""
    """Who changed it last and when, in a sentence; empty if unknown."""

    @property
    def version_text(self) -> str:
        versions = self.version if isinstance(self.version, tuple) else (self.version,)
        return " ".join(map(str, versions))


class SeenForm(PortalForm):
    """A form that changes existing rows. Its page calls `see` with the current state."""

    version = HiddenField()
    shown = HiddenField()
    changed_meanwhile = False
    """Whether the page says that the row has changed."""
    refused_as_changed = False
    """Whether an action raised `ChangedMeanwhile`."""

    def seen(self, ref: str) -> Seen:
        """The row that the form is about, in the version that its page showed."""
        return self.all_seen(ref)[0]

    def all_seen(self, *refs: str) -> list[Seen]:
        return all_seen(refs, self.version.data)

    def see(self, now: Shown) -> None:
        """Fills in a new form; for a submitted form, lists what has changed since it was shown."""
        if not self.is_submitted():
            for one, value in self._fields_of(now):
                one.process(None, value)
        elif self.refused_as_changed or self.version.data != now.version_text:
            self._tell(now)
        self.version.data, self.shown.data = now.version_text, now.words

    def _tell(self, now: Shown) -> None:
        self.changed_meanwhile = True
        self.form_errors += [*told(shown_sent(), now), LOOK_AGAIN]
        for one, value in self._fields_of(now):
            if (one.data or None) != (value or None):
                label = one.label.text.removesuffix(" (optional)")
                said = _said(one, value) or "nothing"
                one.errors = [*one.errors, f"Saved meanwhile under “{label}”: {said}"]

    def _fields_of(self, now: Shown) -> list[tuple[Field, Any]]:
        return [(self[name], value) for name, value in now.values.items() if name in self]


def install(app: Flask) -> None:
    app.jinja_env.globals["seen_fields"] = seen_fields


def seen_fields(shown: Shown) -> Markup:
    """The hidden fields of a form that is one button."""
    return _FIELDS.format(shown.version_text, shown.words)


def seen_sent(ref: str) -> Seen:
    """The row of a form that is one button, in the version that its page showed.

    A button in a form for several rows has the version in its own address.
    """
    return all_seen((ref,), request.form.get(VERSION) or request.args.get(VERSION))[0]


def shown_sent() -> str:
    """The state that the form's page showed, as the form submitted it."""
    typed = " ".join(request.form.get(SHOWN, "").split())
    return "".join(sign for sign in typed if sign.isprintable())[:LONGEST_SHOWN]


def told(before: str, now: Shown) -> list[str]:
    """The changes, in sentences."""
    lines = [f"{CHANGED} {now.who}".strip()]
    if now.words and before and before != now.words:
        lines.append(f"You saw: {before}")
    if now.words:
        lines.append(f"Now: {now.words}")
    return lines


def _said(one: Field, value: Any) -> str:
    """The value in words."""
    if said := getattr(one, "said", None):
        return str(said(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    choices = getattr(one, "choices", None)
    if not choices:
        return str(value or "")
    titles = dict(choices)
    parts = value if isinstance(value, list) else [value] if value else []
    return words.listed((str(titles.get(part, part)) for part in parts), current.hospital().locale)
