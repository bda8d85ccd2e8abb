"""Deny by default: the portal does not start if a route has no mark."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from flask import Flask, g
from werkzeug.wrappers import Response

from portal import access
from portal.access import Deed
from portal.database import db
from portal.errors import NotFound
from portal.web import current, refused_access, submissions
from portal.web.merged_records import lead_on
from portal.web.pace import Pace
from portal.web.pages import PUBLIC, Page, mark_of, page, page_of
from portal.web.second_try import again_when_lost


def install(app: Flask) -> None:
    """Puts every view behind the guard. Call it last. Raises `RuntimeError` for a route without a mark."""
    page(PUBLIC)(app.view_functions["static"])
    unmarked = [endpoint for endpoint, view in app.view_functions.items() if page_of(view) is None]
    if unmarked:
        raise RuntimeError(f"These routes lack the mark `@page`: {', '.join(unmarked)}")
    pace = Pace(app.extensions["settings"].pages_per_minute)
    for endpoint, view in app.view_functions.items():
        if endpoint != "static":
            app.view_functions[endpoint] = _guarded(app, view, mark_of(view), pace)


def _guarded(app: Flask, view: Callable[..., Any], mark: Page, pace: Pace) -> Callable[..., Any]:
    """The view with its access check, run in one transaction with its audit entries."""
    needed = mark.deed
    answer = view if mark.repeatable else submissions.answer_once(view)

    def attempt(arguments: dict[str, Any]) -> Response:
        if needed is not None:
            by = current.actor_for(needed)
            pace.count(by.ref)
            access.require(by, needed)
            g.deed = needed
        # References are ASCII; the database can't compare other characters with them.
        if not all(str(value).isascii() for value in arguments.values()):
            raise NotFound
        try:
            response = app.make_response(_answer(answer, needed, arguments))
            if response.status_code < 400:
                db.session.commit()
            return response
        finally:
            db.session.rollback()

    def guarded(**arguments: Any) -> Response:
        with refused_access.remembered(needed, arguments):
            if mark.runs_once:
                return attempt(arguments)
            return again_when_lost(lambda: attempt(arguments))

    return update_wrapper(guarded, view)


def _answer(answer: Callable[..., Any], needed: Deed | None, arguments: dict[str, Any]) -> Any:
    try:
        return answer(**arguments)
    except NotFound:
        db.session.rollback()  # Drop what the view wrote before it raised `NotFound`.
        return lead_on(needed, arguments)
