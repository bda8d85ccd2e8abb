"""The version of a row that a page showed: the page's form only acts on that version. Pure.

An action takes it instead of a reference. It compares the version in the UPDATE itself or on the locked row,
never in an earlier read without a lock.
"""

from typing import NamedTuple

from portal.errors import ChangedMeanwhile

LENGTH = 9
NEVER = -1
"""A version that no row has: the form was sent without one."""


class Seen(NamedTuple):
    ref: str
    version: int

    def require(self, version: int) -> None:
        """Raises `ChangedMeanwhile` unless `version`, read from the locked row, is the one that was shown."""
        if version != self.version:
            raise ChangedMeanwhile


def all_seen(refs: tuple[str, ...], typed: object) -> list[Seen]:
    """The rows that a form is about: its references, with the submitted versions in the same order."""
    versions = [_number(text) for text in str(typed or "").split()[: len(refs)]]
    missing = [NEVER] * (len(refs) - len(versions))
    return [Seen(ref, version) for ref, version in zip(refs, versions + missing, strict=True)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LENGTH else NEVER
