"""What a view asks about its request: who acts, when it is, what the hospital decided."""

from datetime import UTC, datetime
from typing import TypedDict, cast

from flask import current_app, g, request
from flask_login import current_user

from portal.access import Actor, Deed
from portal.config import Settings
from portal.errors import NotSignedIn, SecondStepNeeded
from portal.hospital import Hospital

LAST_PAGE = 1000


class Setting(TypedDict):
    """Who asks, where and when: what almost every query and action wants to know."""

    by: Actor
    hospital: Hospital
    now: datetime


def actor() -> Actor:
    """The signed-in person; raises `NotSignedIn` when there is none."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    return cast("Actor", current_user.actor)


def actor_for(needed: Deed) -> Actor:
    """The signed-in person, if their session opens more than its own second step.

    Raises `SecondStepNeeded` when it does not, `NotSignedIn` when there is none.
    """
    found = actor()
    if current_user.needs_second_step and needed is not Deed.SET_UP_SECOND_STEP:
        raise SecondStepNeeded
    return found


def now() -> datetime:
    """One instant for the whole request, so that everything it writes agrees."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast("datetime", g.now)


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def hospital() -> Hospital:
    return settings().hospital


def setting() -> Setting:
    """The keyword arguments that most queries and actions take."""
    return {"by": actor(), "hospital": hospital(), "now": now()}


def page_number() -> int:
    """`?page=` of a list, from 1; whatever is no such number counts as 1."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
