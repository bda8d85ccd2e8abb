"""Turns every error into a page in plain words, without stack traces or names.

These pages never use the database, which may be unavailable.
"""

import logging

from flask import Flask, g, render_template
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal import errors
from portal.database import lost, number_of
from portal.telemetry.traces import place_of
from portal.web.hosts import UnknownHost
from portal.web.waiting_pages import waiting_page

log = logging.getLogger(__name__)

Answer = tuple[str, int] | tuple[str, int, dict[str, str]] | Response

NOT_FOUND = "We can't find this page"
UNREADABLE = "We can't read this request"
OTHER_HOST = "The portal has another address"
SAY_WHERE = "Check the address in your browser, or use the link that the hospital gave you."
BEING_UPDATED = "The portal is being updated at the moment."
OLDER_SCHEMA = frozenset({1054, 1146})
"""MySQL's errors for an unknown column or table, when a migration has not finished yet."""
CHANGED = "Something changed while you were working. Go back, reload the page and try again."


def install(app: Flask) -> None:
    app.register_error_handler(errors.NotFound, lambda _: _page(404, NOT_FOUND))
    app.register_error_handler(errors.Forbidden, lambda _: _page(403, "You can't open this page"))
    app.register_error_handler(errors.Refused, _refused)
    app.register_error_handler(errors.TooMany, _too_many)
    app.register_error_handler(errors.Unavailable, unavailable)
    app.register_error_handler(DBAPIError, _database_fault)
    app.register_error_handler(PoolTimeout, unavailable)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(UnknownHost, lambda _: _page(400, OTHER_HOST, SAY_WHERE))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ParseException, lambda _: _page(400, UNREADABLE))
    app.register_error_handler(Exception, _unexpected)


def is_being_shown() -> bool:
    """Whether the response of this request is already an error page."""
    return bool(g.get("error_page"))


def _page(status: int, title: str, message: str = "") -> tuple[str, int]:
    g.error_page = True
    return render_template("errors/error.html", title=title, message=message, status=status), status


def _refused(fault: errors.Refused) -> Answer:
    return _page(409, "This can't be done", fault.message)


def _too_many(fault: errors.TooMany) -> Answer:
    return *_page(429, "Please wait a little", fault.message), {
        "Retry-After": str(fault.retry_after)
    }


def _database_fault(fault: DBAPIError) -> Answer:
    number = number_of(fault)
    if number in OLDER_SCHEMA:
        log.error("the schema is not this release's: error %s", number)
        return _wait(BEING_UPDATED)
    if lost(fault) or isinstance(fault, OperationalError):
        return unavailable(fault)
    return _unexpected(fault)


def unavailable(fault: Exception) -> Answer:
    """The page that waits until the dependency is available again."""
    log.error("a dependency is away: %s", type(fault).__name__)
    return _wait(fault.message if isinstance(fault, errors.Unavailable) else "")


def _wait(message: str) -> Answer:
    g.error_page = True
    return waiting_page(message)


def _conflict(fault: IntegrityError) -> Answer:
    log.warning("a unique key decided: %s", type(fault.orig).__name__)
    return _page(409, "This can't be done", CHANGED)


def _stale_form(_: CSRFError) -> Answer:
    return _page(400, "This form is out of date", "Go back, reload the page and send it again.")


def _http(fault: HTTPException) -> Answer:
    if fault.code is not None and 300 <= fault.code < 400:
        return fault.get_response()
    titles = {404: NOT_FOUND, 405: NOT_FOUND, 413: "That is too big to send"}
    return _page(fault.code or 500, titles.get(fault.code or 500, UNREADABLE))


def _unexpected(fault: Exception) -> Answer:
    log.error("unexpected %s at %s", type(fault).__name__, place_of(fault))
    return _page(500, "Something went wrong", "Nothing was changed. Please try again.")
