"""A thing as a page showed it: the page's form acts on that version, and on nothing newer. Pure.

An action takes it instead of a reference. It compares the version in the statement that makes the
change, or on the row that it has locked: never by reading first and writing later.
"""

from typing import NamedTuple

from portal.errors import ChangedMeanwhile

LENGTH = 9
NEVER = -1
"""A version that nothing has: the form came without one."""


class Seen(NamedTuple):
    ref: str
    version: int

    def require(self, version: int) -> None:
        """Raises `ChangedMeanwhile` unless `version`, of the locked row, is the one that was shown."""
        if version != self.version:
            raise ChangedMeanwhile


def all_seen(refs: tuple[str, ...], typed: object) -> list[Seen]:
    """What a form was about: its references, with the versions that came with it in the same order."""
    versions = [_number(text) for text in str(typed or "").split()[: len(refs)]]
    missing = [NEVER] * (len(refs) - len(versions))
    return [Seen(ref, version) for ref, version in zip(refs, versions + missing, strict=True)]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LENGTH else NEVER
