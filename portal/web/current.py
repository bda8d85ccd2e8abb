"""The current request for views: the actor, the time, the hospital's settings."""

import re
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import cast

from flask import current_app, g, request
from flask_login import current_user

from portal.access import Actor, Deed
from portal.context import Context
from portal.database import db
from portal.errors import NotSignedIn, SecondStepNeeded
from portal.settings.configuration import Settings
from portal.settings.hospital import Hospital

LAST_PAGE = 1000
_REF = re.compile(r"[0-9a-f]{20}")


def actor() -> Actor:
    """The signed-in person; raises `NotSignedIn` when there is none."""
    if not current_user.is_authenticated:
        raise NotSignedIn
    return cast("Actor", current_user.actor)


def actor_for(needed: Deed) -> Actor:
    """The signed-in person, if their session is not only for setting up the second step.

    Raises `SecondStepNeeded` when it is, `NotSignedIn` when nobody is signed in.
    """
    found = actor()
    if current_user.needs_second_step and needed is not Deed.SET_UP_SECOND_STEP:
        raise SecondStepNeeded
    return found


def now() -> datetime:
    """The time of the request, the same for everything that it writes."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return cast("datetime", g.now)


def settings() -> Settings:
    return cast("Settings", current_app.extensions["settings"])


def hospital() -> Hospital:
    return settings().hospital


def context() -> Context:
    """The `Context` that every query and action takes as its first argument."""
    return Context(db.session(), actor(), hospital(), now())


def address() -> str:
    """The client's address. An IPv4 address has the same form when it came over IPv6."""
    told = request.remote_addr or ""
    try:
        found = ip_address(told)
    except ValueError:
        return told
    mapped = found.ipv4_mapped if found.version == 6 else None
    return str(mapped or found)


def page_number() -> int:
    """The page number of a list, from 1. Invalid values count as 1."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def ref_argument(name: str) -> str | None:
    """A reference in the query string; None when it is missing or invalid."""
    value = request.args.get(name, "")
    return value if _REF.fullmatch(value) else None
