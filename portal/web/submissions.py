"""One-time submission keys: sending a form twice gives the first outcome, once.

The key is made when the form is shown and recorded in the same transaction as the change, with the
page it led to. So "was it committed?" after a double click, a lost reply or a retry from another
zone is answered by looking the key up.
"""

import re
import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, flash, redirect, request, session
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from portal.database import db
from portal.errors import PortalError, Refused
from portal.models import Submission
from portal.models.base import table_of
from portal.web import current
from portal.web.second_try import MESSAGES, is_second_try

FIELD = "submission"
DEADLOCKED = frozenset({1205, 1213})
"""MySQL chose this transaction to give way (lock wait timeout, deadlock): running it again is right."""
ATTEMPTS = 3

View = TypeVar("View", bound=Callable[..., Any])

_REPEATABLE = "__repeatable__"
_KEY = re.compile(r"[0-9a-f]{32}")
_INSERT = insert(table_of(Submission))


def new_key() -> str:
    return secrets.token_hex(16)


def install(app: Flask) -> None:
    app.jinja_env.globals["submission_field"] = submission_field
    app.jinja_env.globals["new_submission_key"] = new_key


def submission_field() -> Markup:
    """The hidden field for a form that has no `PortalForm` behind it, such as a single button."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_key())


def repeatable(view: View) -> View:
    """Frees a POST from the submission key: sent twice, it does what it did once, as signing out does."""
    setattr(view, _REPEATABLE, True)
    return view


def answer_once(view: Callable[..., Any]) -> Callable[..., Response]:
    """The view, with its POSTs bound to their submission key."""

    def answer(**arguments: Any) -> Response:
        if request.method != "POST" or getattr(view, _REPEATABLE, False):
            return current_app.make_response(view(**arguments))
        key = _needed_key()
        if is_second_try() and (first := _first_answer(key)) is not None:
            return first
        try:
            response = _attempt(view, arguments)
            if response.status_code in (302, 303):
                _record(key, response)
                return response
        except (PortalError, IntegrityError):
            db.session.rollback()
            if (first := _first_answer(key)) is None:
                raise
            return first
        return _first_answer_instead_of(response, key)

    return answer


def _first_answer_instead_of(response: Response, key: str) -> Response:
    """A form that was accepted once may look wrong, or like a duplicate of itself, when sent again."""
    if response.status_code >= 400:
        db.session.rollback()
    first = _first_answer(key)
    if first is not None:
        db.session.rollback()
    return first or response


def _attempt(view: Callable[..., Any], arguments: dict[str, Any]) -> Response:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return current_app.make_response(view(**arguments))
        except OperationalError as fault:
            if fault.orig is None or fault.orig.args[0] not in DEADLOCKED or attempt == ATTEMPTS:
                raise
            db.session.rollback()
    raise AssertionError("unreachable: the last attempt returns or raises")


def key_of_request() -> str | None:
    """The key that the request's form carries, if it is of our make."""
    key = request.form.get(FIELD, "")
    return key if _KEY.fullmatch(key) else None


def _needed_key() -> str:
    key = key_of_request()
    if key is None:
        raise Refused("This form came without its key. Go back, reload the page and send it again.")
    return key


def _account_id() -> int | None:
    return current.actor().account_id if current_user.is_authenticated else None


def _record(key: str, response: Response) -> None:
    messages = [str(message) for _, message in session.get(MESSAGES, ())]
    db.session.execute(
        _INSERT,
        {
            "key": key,
            "account_id": _account_id(),
            "location": response.location,
            "message": messages[-1] if messages else None,
            "created_at": current.now(),
        },
    )


def _first_answer(key: str) -> Response | None:
    first = db.session.execute(
        select(Submission.location, Submission.message).where(
            Submission.key == key, Submission.account_id.is_not_distinct_from(_account_id())
        )
    ).one_or_none()
    if first is None:
        return None
    if first.message:
        flash(first.message)
    return redirect(first.location, code=303)
