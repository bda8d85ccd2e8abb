"""The errors of the shared file system, each with a message for the person."""

import errno

from portal.errors import Refused, Unavailable

RESTING = (
    "Documents are not available at the moment. Everything else works as usual."
    " Please try again in a few minutes."
)


class Resting(Unavailable):
    """The file system does not answer in time, or too many operations wait for it."""

    def __init__(self, message: str = RESTING) -> None:
        super().__init__(message)


class Vanished(Resting):
    """The directory exists, but the file system is not mounted on it."""


class Broken(Unavailable):
    """The file system returned an error that can't be handled here."""

    def __init__(self) -> None:
        super().__init__("We couldn't reach this document. Please try again in a few minutes.")


class Full(Unavailable):
    """No space or no quota is left."""

    def __init__(self) -> None:
        super().__init__(
            "There is no space for new documents at the moment. Nothing was stored."
            " Documents that are here already can be opened as usual."
        )


class ReadOnly(Unavailable):
    """The file system is read-only."""

    def __init__(self) -> None:
        super().__init__(
            "Documents can be opened but not added at the moment. Nothing was stored."
            " Please try again in a few minutes."
        )


class TooLarge(Refused):
    """A file is longer than its limit, in bytes."""

    def __init__(self, limit: int) -> None:
        size = f"{limit // 10**6} MB" if limit >= 10**6 else f"{limit} bytes"
        super().__init__(f"The file is larger than {size}. Send a smaller one.")
        self.limit = limit


class Damaged(Refused):
    """The content has changed since it was stored. It is not shown, and administrators see it in a list."""

    def __init__(self) -> None:
        super().__init__("This document is damaged and can't be opened. Please tell the hospital.")


class Missing(Damaged):
    """There is no such file."""


class Altered(Damaged):
    """The file has another size or another SHA-256."""


_FAULTS: dict[int | None, type[Unavailable]] = {
    errno.ENOSPC: Full,
    errno.EDQUOT: Full,
    errno.EROFS: ReadOnly,
    errno.ENOTCONN: Vanished,
    errno.ESTALE: Vanished,
    errno.ENODEV: Vanished,
    errno.EHOSTDOWN: Vanished,
    errno.ETIMEDOUT: Resting,
}


def fault_of(error: OSError) -> Unavailable:
    """The error of this module for an error of the operating system."""
    return _FAULTS.get(error.errno, Broken)()
