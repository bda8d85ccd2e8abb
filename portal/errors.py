"""All errors that the portal raises on purpose.

`web/error_pages.py` turns each into a page.
"""

CHANGED = "This has changed since you opened the page, so nothing was done."


class PortalError(Exception):
    """An error with a message for the person.

    `message` is shown unchanged, so it names no patient and no internals.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""


class SecondStepNeeded(PortalError):
    """The person has to set up a second step at sign-in before anything else."""


class Forbidden(PortalError):
    """None of the actor's roles may do this deed."""


class NotFound(PortalError):
    """The object does not exist, or the actor may not see it; both look the same."""


class Refused(PortalError):
    """A rule of the hospital forbids it; the message says which one and what to do instead."""


class Unfit(Refused):
    """A rule rejects the value of `field`; forms and facts use the same field names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refused):
    """Somebody else was faster: the slot is taken, or the work is already done."""


class ChangedMeanwhile(Refused):
    """The row changed after the page was shown, so nothing was done; `web/seen.py` lists the changes."""

    def __init__(self, message: str = CHANGED) -> None:
        super().__init__(message)


class TooMany(PortalError):
    """A rate limit was reached. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """A dependency of the portal is unavailable. Try again later."""


class ConfigurationError(Exception):
    """The environment is incomplete; the message lists every fault and its fix."""
