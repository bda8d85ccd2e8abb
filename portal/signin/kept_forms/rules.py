"""The fields of a stored form that its sender recognises, and the cookie key for its browser."""

import re
from collections.abc import Iterable

BROWSERS_OWN = "kept_forms"
"""Cookie key: the forms from this browser, so that nobody can plant a form in another browser."""
AT_MOST = 5

_OF_THE_PAGE = {
    *("submission", "seen", "again", "version", "versions", "sequence", "confirmed", "window"),
    *("number", "visit", "shown"),
}
_REFERENCE = re.compile(r"[0-9a-f]{20,}")


def typed_in(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The filled-in fields, each with its label."""
    return [
        (_in_words(name), value.strip())
        for name, value in fields
        if name not in _OF_THE_PAGE and value.strip() and not _REFERENCE.fullmatch(value.strip())
    ]


def shown_then(fields: Iterable[tuple[str, str]]) -> str:
    """The state that the form's page showed, if the form changes an existing row."""
    return next((value.strip() for name, value in fields if name == "shown"), "")


def _in_words(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().capitalize()
