"""The rules for documents: titles of several files, which may be opened, which may be withdrawn. Pure."""

import re
from collections.abc import Sequence

from portal.errors import Refused
from portal.text import LINE_LENGTH
from portal.vocabulary import DocumentReferenceStatus, Origin, Relationship, Scan

WAITS = "This file has not been checked for viruses yet. It can be opened once it is found clean."
REJECTED = "This file was not accepted, so it can't be opened."
DAMAGED = (
    "This file has changed since it was received, so it can't be opened."
    " The hospital's administrators have been told."
)
WITHDRAWN = "This document was withdrawn, so it can't be opened any more."
NOT_THEIRS = (
    "Only the hospital can withdraw this document, because the hospital added it."
    " Please tell your care team what is wrong with it."
)


def titles(typed: str, names: Sequence[str]) -> list[str]:
    """A title per file: the typed title, numbered if there are several files, or the file's name."""
    if not typed:
        return [_without_extension(name)[:LINE_LENGTH] for name in names]
    if len(names) == 1:
        return [typed]
    ends = [f" ({number} of {len(names)})" for number in range(1, len(names) + 1)]
    return [typed[: LINE_LENGTH - len(end)] + end for end in ends]


def _without_extension(name: str) -> str:
    return re.sub(r"(?<=.)\.[A-Za-z0-9]{1,5}$", "", name)


def why_closed(
    scan: Scan, status: DocumentReferenceStatus, *, damaged: bool, clinician: bool
) -> str | None:
    """Why a file may not be opened, in words; None when it may.

    The care team may still open a document entered in error, because they may have acted on it.
    """
    if scan is not Scan.CLEAN:
        return REJECTED if scan is Scan.REJECTED else WAITS
    if damaged:
        return DAMAGED
    withdrawn = status is DocumentReferenceStatus.ENTERED_IN_ERROR
    return WITHDRAWN if withdrawn and not clinician else None


def may_withdraw(origin: Origin, acted_for_as: Relationship | None) -> bool:
    """Patients and their proxies may withdraw documents that they added; staff may withdraw any."""
    return origin is Origin.PATIENT or acted_for_as is None


def require_withdrawable(origin: Origin, acted_for_as: Relationship | None) -> None:
    if not may_withdraw(origin, acted_for_as):
        raise Refused(NOT_THEIRS)
