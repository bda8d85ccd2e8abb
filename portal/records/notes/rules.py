"""The text of a note as it is stored. Pure."""

import unicodedata

LONGEST = 20_000
TOO_LONG = f"Shorten the note to {LONGEST} characters"
FROM_A_COLLEAGUE = "From the note of {author}, {day}:"
_KEPT = "\n\t"


def clean_note(text: str | None) -> str:
    """The typed lines without invisible characters; raises `ValueError` if too long."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    shown = "".join(
        sign for sign in lines if sign in _KEPT or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    if len(shown) > LONGEST:
        raise ValueError(TOO_LONG)
    return shown


def is_empty(body: str) -> bool:
    return not body.strip()
