"""What holds of documents: how several are named, which may be opened, which may be withdrawn. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from portal.errors import Refused

TITLE_LENGTH, AUTHOR_LENGTH, REASON_LENGTH = 200, 200, 500
OLDEST = 130
"""In years: no document is older than anybody whom it could be about."""

_JOINERS = "\u200c\u200d"

WAITS = "This file is still being checked for viruses. It can be opened once it is found clean."
REJECTED = "This file was not accepted, so it can't be opened."
DAMAGED = (
    "This file is not as it was when it was received, so it can't be opened."
    " The hospital's administrators have been told."
)
WITHDRAWN = "This document was withdrawn, so it can't be opened any more."
NOT_THEIRS = (
    "Only the hospital can withdraw this document, because the hospital added it."
    " Please tell your care team what is wrong with it."
)


def clean_line(text: str | None, length: int) -> str:
    """One line of at most `length` characters, its spaces in order; raises `ValueError`."""
    line = " ".join((text or "").split())
    if any(unicodedata.category(sign)[0] == "C" and sign not in _JOINERS for sign in line):
        raise ValueError("Type this again: it has characters in it that can't be shown")
    if len(line) > length:
        raise ValueError(f"Shorten this to {length} characters")
    return line


def titles(typed: str, names: Sequence[str]) -> list[str]:
    """A title for each file: what was typed, numbered when there are several, or the file's name."""
    if not typed:
        return [_without_extension(name)[:TITLE_LENGTH] for name in names]
    if len(names) == 1:
        return [typed]
    ends = [f" ({number} of {len(names)})" for number in range(1, len(names) + 1)]
    return [typed[: TITLE_LENGTH - len(end)] + end for end in ends]


def _without_extension(name: str) -> str:
    return re.sub(r"(?<=.)\.[A-Za-z0-9]{1,5}$", "", name)


def check_created_on(day: date, today: date) -> None:
    """Raises `ValueError` when no document can bear this date."""
    if day > today:
        raise ValueError("The date on the document must be today or in the past")
    if day.year < today.year - OLDEST:
        raise ValueError(f"The date on the document must be within the last {OLDEST} years")


def why_closed(
    *, waiting: bool, rejected: bool, damaged: bool, withdrawn: bool, clinician: bool
) -> str | None:
    """Why a file may not be opened, in words; None when it may.

    What was entered in error stays open for the care team, who may have acted on it.
    """
    if rejected:
        return REJECTED
    if waiting:
        return WAITS
    if damaged:
        return DAMAGED
    return WITHDRAWN if withdrawn and not clinician else None


def may_withdraw(*, acts_for_patient: bool, from_patient: bool) -> bool:
    """Patients, and those who act for them, take back what they brought; the hospital anything."""
    return from_patient or not acts_for_patient


def require_withdrawable(*, acts_for_patient: bool, from_patient: bool) -> None:
    if not may_withdraw(acts_for_patient=acts_for_patient, from_patient=from_patient):
        raise Refused(NOT_THEIRS)
