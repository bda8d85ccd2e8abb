"""Parses a page like a browser: its forms, their fields and their buttons."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import unescape
from urllib.parse import urljoin, urlsplit

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_FIELD = re.compile(r"<(?:input|button)\b([^>]*)>")
_FACT = re.compile(r"<dt\b[^>]*>(.*?)</dt>\s*<dd\b[^>]*>(.*?)</dd>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_SUBJECT = re.compile(r'mch-patient__name"><a href="/patients/(\w+)">([^<]*)<')
_WAITS_FOR = re.compile(r"<a\b([^>]*\bdata-waits\b[^>]*)>")
_OF_THE_PAGE = ("csrf_token", "tried")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Form:
    """One form of a page: its address, its fields, and its buttons (name, value, own address)."""

    action: str
    fields: dict[str, str]
    buttons: Sequence[tuple[str, str, str]]
    file: tuple[str, bytes] | None = None
    """The name and the content of an attached file."""
    waits: bool = False
    """Whether a waiting page sends it by itself."""

    @property
    def typed(self) -> dict[str, str]:
        """Its address and its fields, without fields that differ each time, such as keys."""
        parts = urlsplit(self.action)
        kept = {name: value for name, value in self.fields.items() if name not in _OF_THE_PAGE}
        return {"action": f"{parts.path}?{parts.query}", **kept}

    def filled(self, **typed: str) -> "Form":
        return replace(self, fields=self.fields | typed)

    def with_file(self, name: str, content: bytes) -> "Form":
        return replace(self, file=(name, content))

    def pressed(self, button: tuple[str, str, str]) -> "Form":
        name, value, address = button
        named = {name: value} if name else {}
        return replace(self, action=urljoin(self.action, address), fields=self.fields | named)


@dataclass(frozen=True)
class Page:
    """An answer: its status, its final address, its text."""

    status: int
    address: str
    body: bytes = b""
    location: str | None = None

    @cached_property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def is_good(self) -> bool:
        return self.status < 500

    @property
    def waits(self) -> bool:
        """Whether it is the portal's waiting page, which tries until the database can be reached."""
        return self.status == 503 and 'data-health="' in self.text

    @property
    def waits_for(self) -> str | None:
        """The address that a waiting page opens as soon as it can."""
        found = _WAITS_FOR.search(self.text)
        return _attributes(found[1]).get("href") if found else None

    @property
    def facts(self) -> dict[str, str]:
        """Its list of facts, such as when and where, in plain text."""
        return {_plain(name): _plain(value) for name, value in _FACT.findall(self.text)}

    @property
    def subject(self) -> dict[str, str]:
        """The patient of the page: reference and name; empty when there is none."""
        found = _SUBJECT.search(self.text)
        return {"patient": found[1], "name": unescape(found[2])} if found else {}

    def shows(self, word: str) -> bool:
        """Whether one of its texts is exactly this word."""
        return f">{word}<" in self.text

    @property
    def forms(self) -> list[Form]:
        return [self._form(*found) for found in _FORM.findall(self.text)]

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def leads_to_name(self) -> str:
        """The last part of the path that it redirects to."""
        return urlsplit(self.location or "").path.rpartition("/")[2]

    def leads_to(self, *paths: str) -> bool:
        return urlsplit(self.location or "").path.startswith(paths)

    def form(self, *, button_to: str = "", button_name: str = "") -> Form:
        """The first form with this button; or, when no button is given, with a submission key.

        Raises `Unexpected`.
        """
        for form in self.forms:
            if button_to or button_name:
                if any(button_to in to and button_name in name for name, _, to in form.buttons):
                    return form
            elif "submission" in form.fields:
                return form
        raise Unexpected(f"no such form on {self.path} ({self.status})")

    def _form(self, head: str, body: str) -> Form:
        fields, buttons = {}, []
        for text in _FIELD.findall(body):
            found = _attributes(text)
            if found.get("type") == "submit":
                button = (
                    found.get("name", ""),
                    found.get("value", ""),
                    found.get("formaction", ""),
                )
                buttons.append(button)
            elif "name" in found and found.get("type") not in ("radio", "checkbox", "file"):
                fields[found["name"]] = found.get("value", "")
        action = _attributes(head).get("action", "")
        address = urljoin(self.address, action) if action else self.address
        return Form(address, fields, buttons, waits="data-waits" in head)


class Unexpected(Exception):
    """A page from which a person can't continue."""


def _attributes(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _ATTRIBUTE.findall(text)}


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" ", html)).split())
