"""Why a sign-in failed: a reason for the log, and a plain sentence for the person."""

from portal.errors import PortalError

NOT_TRUSTED = "The answer from the sign-in service could not be trusted, so you are not signed in."
STARTED_ELSEWHERE = (
    "This sign-in took too long or was started in another browser, so it can't be finished."
)
STOPPED = "The sign-in was stopped before it was finished, so you are not signed in."
AWAY = "The sign-in service does not answer at the moment, so please try again in a few minutes."
DISABLED = "Your account is switched off, so you are not signed in."
SECOND_STEP_UNKNOWN = (
    "The sign-in service did not say whether your second step is set up, so you are not signed in."
    " Please try again in a minute."
)

REASONS = {
    NOT_TRUSTED: "not trusted",
    STARTED_ELSEWHERE: "started elsewhere",
    STOPPED: "stopped",
    AWAY: "provider away",
    DISABLED: "account disabled",
    SECOND_STEP_UNKNOWN: "second step unknown",
}
"""A short word for each reason, as a dimension of the metric."""


class SignInRefused(PortalError):
    """A sign-in failed. `reason` is for the log, without tokens or names."""

    def __init__(self, reason: str, message: str = NOT_TRUSTED, status: int = 400) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status


class NoLongerValid(SignInRefused):
    """The provider no longer accepts the sign-in: account disabled, signed out there, or too old."""


class ProviderAway(SignInRefused):
    """The provider or its documents can't be reached at the moment."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, AWAY, 503)
