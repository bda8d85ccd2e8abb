"""What a view asks about its request: who acts, when it is, what the hospital decided."""

from datetime import UTC, datetime
from typing import cast

from flask import current_app, g
from flask_login import current_user

from portal.access import Actor
from portal.config import Settings
from portal.errors import NotSignedIn
from portal.hospital import Hospital


def actor() -> Actor:
    """The signed-in person; raises `NotSignedIn` when there is none."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    return cast("Actor", current_user.actor)


def now() -> datetime:
    """One instant for the whole request, so that everything it writes agrees."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast("datetime", g.now)


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def hospital() -> Hospital:
    return settings().hospital
