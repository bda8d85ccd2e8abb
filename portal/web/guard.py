"""Deny by default: a route names its deed or is public, or the portal does not start."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar

from flask import Flask, g
from werkzeug.wrappers import Response

from portal import access
from portal.access import Deed
from portal.database import db
from portal.errors import NotFound
from portal.web import current, submissions
from portal.web.second_try import again_when_lost

View = TypeVar("View", bound=Callable[..., Any])

_DEED = "__deed__"
_PUBLIC = "__public__"
_USES_UP = "__uses_up__"
_UNKEPT = "__unkept__"


def deed(name: Deed) -> Callable[[View], View]:
    """Names the deed that a view does; only actors whose roles include it get in."""

    def mark(view: View) -> View:
        setattr(view, _DEED, name)
        return view

    return mark


def public(view: View) -> View:
    """Lets everybody in, signed in or not."""
    setattr(view, _PUBLIC, True)
    return view


def uses_up(view: View) -> View:
    """For a view that can't be run twice for one request, because it uses up what came with it."""
    setattr(view, _USES_UP, True)
    return view


def secret(view: View) -> View:
    """For a view whose form holds a secret, such as a one-time code: the portal never keeps it."""
    setattr(view, _UNKEPT, True)
    return view


def deed_of(view: Callable[..., Any]) -> Deed | None:
    return getattr(view, _DEED, None)


def is_public(view: Callable[..., Any]) -> bool:
    return getattr(view, _PUBLIC, False)


def is_secret(view: Callable[..., Any]) -> bool:
    return getattr(view, _UNKEPT, False)


def install(app: Flask) -> None:
    """Puts every view behind the guard. Called last; raises `RuntimeError` on a route without a deed."""
    public(app.view_functions["static"])
    unnamed = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if deed_of(view) is None and not is_public(view)
    ]
    if unnamed:
        raise RuntimeError(f"These routes name no deed and are not public: {', '.join(unnamed)}")
    for endpoint, view in app.view_functions.items():
        if endpoint != "static":
            app.view_functions[endpoint] = _guarded(app, view)


def _guarded(app: Flask, view: Callable[..., Any]) -> Callable[..., Any]:
    """The view, let through by the access table and run in one transaction with its audit entries."""
    needed = deed_of(view)
    answer = submissions.answer_once(view)

    def attempt(arguments: dict[str, Any]) -> Response:
        if needed is not None:
            access.require(current.actor_for(needed), needed)
            g.deed = needed
        # References are ASCII, and the database refuses to compare them with anything else.
        if not all(str(value).isascii() for value in arguments.values()):
            raise NotFound
        try:
            response = app.make_response(answer(**arguments))
            if response.status_code < 400:
                db.session.commit()
            return response
        finally:
            db.session.rollback()

    def guarded(**arguments: Any) -> Response:
        if getattr(view, _USES_UP, False):
            return attempt(arguments)
        return again_when_lost(lambda: attempt(arguments))

    return update_wrapper(guarded, view)
