"""What views ask about the request: who acts, what time it is, the hospital's settings."""

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


def context() -> Context:
    """Who acts, where, when, and on which session: what every query and action takes first."""
    return Context(db.session(), actor(), hospital(), now())


def address() -> str:
    """Where the request comes from. One IPv4 address has one form, also when it came over IPv6."""
    told = request.remote_addr or ""
    try:
        found = ip_address(told)
    except ValueError:
        return told
    mapped = found.ipv4_mapped if found.version == 6 else None
    return str(mapped or found)


def page_number() -> int:
    """`?page=` of a list, from 1. Anything else counts as 1."""
    return min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)


def ref_argument(name: str) -> str | None:
    """A reference in the address's query. Anything else counts as missing."""
    value = request.args.get(name, "")
    return value if _REF.fullmatch(value) else None
