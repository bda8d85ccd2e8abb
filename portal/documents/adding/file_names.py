"""Makes the original name of a file safe to show and to save. The portal never uses it as a path."""

import re
import unicodedata
from pathlib import PurePath

from portal.documents.checking.kinds import Kind

LONGEST = 120
"""Characters."""
NAMELESS = "document"

_JOINER = "\N{ZERO WIDTH JOINER}"
"""The only invisible character that is allowed: emoji need it."""
_UNSAVEABLE = re.compile(r'[<>:"|?*]')
"""Characters that Windows doesn't allow in a name."""


def safe_name(name: str, kind: Kind) -> str:
    """The last part of `name`, in one line, without invisible characters, with the extension of `kind`."""
    words = _one_line(name)
    path = PurePath(words)
    right = path.suffix.lower().removeprefix(".") in kind.extensions
    extension = path.suffix if right else f".{kind.extensions[0]}"
    stem = (path.stem if right else words)[: LONGEST - len(extension)].strip(". ")
    return f"{stem or NAMELESS}{extension}"


def shown_name(name: str) -> str:
    """The same for a file of unknown kind, for messages to its sender."""
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
