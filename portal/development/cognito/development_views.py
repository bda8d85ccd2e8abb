"""For developers and drills: new signing keys, and simulated outages."""

from threading import Event

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from portal.development.cognito.pool import current_pool

development = Blueprint("development", __name__, url_prefix="/development")
SWITCH = "development_cognito.availability"
LONGEST_HANG = 120.0


class Availability:
    """Whether the provider answers at all; while away it refuses with 503, or hangs."""

    def __init__(self) -> None:
        self._back = Event()
        self._back.set()
        self._hangs = False

    def leave(self, *, hang: bool) -> None:
        self._hangs = hang
        self._back.clear()

    def come_back(self) -> None:
        self._back.set()

    def refuse_while_away(self) -> ResponseReturnValue | None:
        """For `before_request`. A request that hangs ends after 120 s at the latest."""
        if self._back.is_set() or request.blueprint == development.name:
            return None
        if self._hangs:
            self._back.wait(LONGEST_HANG)
        return "The development sign-in is away.\n", 503, {"Content-Type": "text/plain"}


@development.post("/away")
def away() -> ResponseReturnValue:
    """Be away until `/development/back`; with `hang=yes` in the form, hang instead of refusing."""
    _availability().leave(hang=request.form.get("hang") == "yes")
    return "", 204


@development.post("/back")
def back() -> ResponseReturnValue:
    _availability().come_back()
    return "", 204


@development.post("/rotate-keys")
def rotate_keys() -> ResponseReturnValue:
    current_pool().keys.rotate()
    return "", 204


def _availability() -> Availability:
    switch: Availability = current_app.extensions[SWITCH]
    return switch
