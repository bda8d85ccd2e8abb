"""Why somebody was not signed in: a reason for the log, a plain sentence for the person."""

import logging

from flask import Flask, render_template

from portal.errors import PortalError
from portal.measures import SIGN_IN_FAILED, measured

log = logging.getLogger("portal.signin")

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
"""A short word for each, by which failures are counted."""


class SignInRefused(PortalError):
    """Somebody could not be signed in. `reason` is for the log: no token, no name in it."""

    def __init__(self, reason: str, message: str = NOT_TRUSTED, status: int = 400) -> None:
        super().__init__(message)
        self.reason = reason
        self.status = status


class ProviderAway(SignInRefused):
    """The provider, or what it must say about itself, can't be had for the moment."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, AWAY, 503)


def install(app: Flask) -> None:
    app.register_error_handler(SignInRefused, _show)


def _show(fault: SignInRefused) -> tuple[str, int]:
    log.warning("sign-in refused: %s", fault.reason)
    measured(SIGN_IN_FAILED, SignInsFailed=1, Reason=REASONS[fault.message])
    return render_template("signin/refused.html", message=fault.message), fault.status
