"""The fields of a form that its sender recognises, and which browser it came from."""

import re
from collections.abc import Iterable

BROWSERS_OWN = "kept_forms"
"""In the cookie: the forms from this browser. So nobody can put a form into somebody else's browser."""
AT_MOST = 5

_OF_THE_PAGE = {
    *("submission", "seen", "again", "version", "versions", "sequence", "confirmed", "window"),
    *("number", "visit", "shown"),
}
_REFERENCE = re.compile(r"[0-9a-f]{20,}")


def typed_in(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields that somebody filled in, each with its name in words."""
    return [
        (_in_words(name), value.strip())
        for name, value in fields
        if name not in _OF_THE_PAGE and value.strip() and not _REFERENCE.fullmatch(value.strip())
    ]


def shown_then(fields: Iterable[tuple[str, str]]) -> str:
    """What the form's page showed of the thing that the form changes, if it is such a form."""
    return next((value.strip() for name, value in fields if name == "shown"), "")


def _in_words(name: str) -> str:
    return re.sub(r"[-_]+", " ", name).strip().capitalize()
