"""When the database goes away during a request, the view is run once more on a new connection.

And when it took the transaction back in favour of another: of that nothing is kept.

Nothing is left half done by the first attempt, with one exception: when the reply to its COMMIT was
lost, nobody knows. So a form is run again only after `web/submissions.py` has looked for its key.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request, session
from sqlalchemy.exc import DBAPIError

from portal import database
from portal.database import db

Result = TypeVar("Result")

MESSAGES = "_flashes"
"""Where Flask keeps the message for the next page in the session."""


def again_when_lost(attempt: Callable[[], Result]) -> Result:
    """The attempt's result; of a second one when the first lost its connection, or gave way.

    Raises the error of the last attempt, which is the first if the request's patience is over.
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
    """Whether an attempt before this one may have been committed."""
    return bool(g.get("second_try"))


def _take_the_cookie_anew() -> None:
    """Restores the session, without the message of the attempt, because the change was not made."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    came = app.session_interface.open_session(app, request)
    session.pop(MESSAGES, None)
    session.update(came or {})
