"""Runs the view once more on a new connection when the database connection is lost during a request.

Also after a deadlock, when MySQL has rolled the transaction back.

The first attempt was rolled back, unless only the reply to its COMMIT was lost. So a form is run again only
after `web/submissions.py` has looked for its key.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request, session
from sqlalchemy.exc import DBAPIError

from portal import database
from portal.database import db

Result = TypeVar("Result")

MESSAGES = "_flashes"
"""Flask's session key of the messages for the next page."""


def again_when_lost(attempt: Callable[[], Result]) -> Result:
    """The result of `attempt`; of a second attempt when the first lost its connection or was rolled back by
    MySQL.

    Raises the error of the last attempt. There is no second one if the request has waited too long.
    """
    while True:
        try:
            return attempt()
        except DBAPIError as fault:
            _take_the_cookie_anew()
            passes = database.lost(fault) or database.gave_way(fault)
            if is_second_try() or not passes or database.patience() <= 0:
                raise
        db.session.rollback()
        g.second_try = True
        for file in request.files.values():
            file.stream.seek(0)


def is_second_try() -> bool:
    """Whether an earlier attempt may have been committed."""
    return bool(g.get("second_try"))


def _take_the_cookie_anew() -> None:
    """Restores the session from its cookie, without the failed attempt's message."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    came = app.session_interface.open_session(app, request)
    session.pop(MESSAGES, None)
    session.update(came or {})
