"""One-time submission keys: a form that is sent twice is done once and gets the first response again.

The key is made when the form is shown, and stored in the same transaction as the change, with the address of
the redirect. After a double click, a lost reply or a retry in another zone, the key shows whether the change
was made. A key is valid only for the address and content with which it was first sent.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, flash, redirect, request, session
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from portal.database import db, number_of
from portal.database.connecting import DEADLOCK
from portal.errors import PortalError, Refused
from portal.models import Submission
from portal.models.base import table_of
from portal.web import current
from portal.web.second_try import MESSAGES, is_second_try
from portal.web.waiting_pages import TRIED

FIELD = "submission"
OF_EACH_SENDING = frozenset({FIELD, TRIED, "csrf_token"})
"""Fields that may differ when the same form is sent again."""
SENT_BEFORE = (
    "This form was sent before, with something else in it, so nothing was done this time."
    " Open its page again, check what is there now, and fill in the form again."
)
ATTEMPTS = 3
"""Attempts after a deadlock, which MySQL ends at once. A time-out of a lock is not retried."""

_KEY = re.compile(r"[0-9a-f]{32}")
_INSERT = insert(table_of(Submission))


def new_key() -> str:
    return secrets.token_hex(16)


def install(app: Flask) -> None:
    app.jinja_env.globals["submission_field"] = submission_field
    app.jinja_env.globals["new_submission_key"] = new_key


def submission_field() -> Markup:
    """The hidden field for a form that is no `PortalForm`, such as a single button."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, new_key())


def answer_once(view: Callable[..., Any]) -> Callable[..., Response]:
    """The view; its POSTs run once per submission key."""

    def answer(**arguments: Any) -> Response:
        if request.method != "POST":
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
    """A form that was accepted may fail or look like a duplicate when it is sent again."""
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
            if number_of(fault) != DEADLOCK or attempt == ATTEMPTS:
                raise
            db.session.rollback()
    raise AssertionError("unreachable: the last attempt returns or raises")


def key_of_request() -> str | None:
    """The key in the request's form; None if it is malformed."""
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
            "content_hash": _content_hash(),
            "created_at": current.now(),
        },
    )


def _content_hash() -> str:
    """The hash of everything that was sent, and of the address."""
    files = [(name, file.filename or "") for name, file in request.files.items(multi=True)]
    fields = [pair for pair in request.form.items(multi=True) if pair[0] not in OF_EACH_SENDING]
    query = request.args.items(multi=True)
    content = [request.path, sorted(query), sorted(fields), sorted(files)]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _first_answer(key: str) -> Response | None:
    """The response to the form that was accepted with this key; None when there was none.

    Raises `Refused` when that form had another address or other content.
    """
    first = db.session.execute(
        select(Submission.location, Submission.message, Submission.content_hash).where(
            Submission.key == key, Submission.account_id.is_not_distinct_from(_account_id())
        )
    ).one_or_none()
    if first is None:
        return None
    if first.content_hash not in (None, _content_hash()):
        raise Refused(SENT_BEFORE)
    if first.message:
        flash(first.message)
    return redirect(first.location, code=303)
