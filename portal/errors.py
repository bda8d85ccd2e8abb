"""The whole family of errors that the portal raises on purpose, and nothing else.

`web/error_pages.py` turns each into a page once; no view catches them to build its own.
"""


class PortalError(Exception):
    """Something that a person can be told in plain words.

    `message` is shown as it stands, so it names no patient and no internals.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotSignedIn(PortalError):
    """Nobody is signed in, or the session has ended."""


class SecondStepNeeded(PortalError):
    """Whoever is signed in has to set up a second step at sign-in before anything else opens."""


class Forbidden(PortalError):
    """The actor's roles do not include this deed at all."""


class NotFound(PortalError):
    """The thing does not exist, or is not the actor's: the two look the same."""


class Refused(PortalError):
    """A rule of the hospital says no; the message says which and what to do instead."""


class Unfit(Refused):
    """A rule says no to what was typed into `field`, by the name that forms and facts share."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refused):
    """Somebody else was first: a taken slot, a record changed meanwhile."""


class TooMany(PortalError):
    """A rate limit was reached. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(PortalError):
    """Something the portal depends on is away for the moment; trying again is right."""


class ConfigurationError(Exception):
    """The environment is incomplete; the message lists every fault and its fix."""
