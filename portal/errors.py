"""All errors that the portal raises on purpose.

`web/error_pages.py` turns each into a page.
"""

CHANGED = "This has changed since you opened the page, so nothing was done."


class PortalError(Exception):
    """Something that can be said to a person in plain words.

    `message` is shown as it stands, so it names no patient and no internals.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""


class SecondStepNeeded(PortalError):
    """The person has to set up a second step at sign-in before anything else."""


class Forbidden(PortalError):
    """The actor's roles do not include this deed at all."""


class NotFound(PortalError):
    """The thing does not exist, or is not the actor's: the two look the same."""


class Refused(PortalError):
    """A rule of the hospital says no; the message says which and what to do instead."""


class Unfit(Refused):
    """A rule refuses what was typed into `field`; forms and facts use the same names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refused):
    """Somebody else was first: a taken slot, something that is done already."""


class ChangedMeanwhile(Refused):
    """The thing is no longer as the page showed it, so nothing was done; `web/seen.py` says what changed."""

    def __init__(self, message: str = CHANGED) -> None:
        super().__init__(message)


class TooMany(PortalError):
    """A rate limit was reached. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """Something that the portal depends on is away for the moment. Try again."""


class ConfigurationError(Exception):
    """The environment is incomplete; the message lists every fault and its fix."""
