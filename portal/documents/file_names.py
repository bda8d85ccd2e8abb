"""The name that a file came with, made fit to be shown and to be saved under. It never reaches a disk."""

import re
import unicodedata
from pathlib import PurePath

from portal.documents.kinds import Kind

LONGEST = 120
"""Characters."""
NAMELESS = "document"

_JOINER = "\N{ZERO WIDTH JOINER}"
"""Of the invisible characters the only one that emoji need."""
_UNSAVEABLE = re.compile(r'[<>:"|?*]')
"""What Windows doesn't take in a name."""


def safe_name(name: str, kind: Kind) -> str:
    """The last part of `name`, on one line, without invisible characters, ending as `kind` does."""
    words = _one_line(name)
    path = PurePath(words)
    right = path.suffix.lower().removeprefix(".") in kind.extensions
    extension = path.suffix if right else f".{kind.extensions[0]}"
    stem = (path.stem if right else words)[: LONGEST - len(extension)].strip(". ")
    return f"{stem or NAMELESS}{extension}"


def shown_name(name: str) -> str:
    """The same of a file that is of no kind: to tell its sender which one is meant."""
    return _one_line(name)[: 2 * LONGEST]


def _one_line(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    visible = "".join(map(_visible, unicodedata.normalize("NFC", last)))
    return " ".join(_UNSAVEABLE.sub("_", visible).split()).strip(". ")


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character).startswith("C") and character != _JOINER:
        return ""
    return character
