"""The page that waits while a dependency is unavailable.

It keeps the input and retries automatically: a script checks whether the database answers, and then sends the
form or loads the page again (`static/js/try_again.js`). Without the script there is a button.
"""

from dataclasses import dataclass

from flask import g, render_template, request, url_for

from portal.access import Deed, may
from portal.web import current
from portal.web.proofs import proven

LONGEST_FORM = 200_000
"""The most characters in a form's names and values. A long note has 20,000."""

TRIED = "tried"
"""The field that counts how often a waiting page has sent its form."""

RETRY_AFTER = 5
"""Seconds, in the header for programs. In browsers the script decides."""

_OWN = frozenset({"csrf_token", TRIED})

MESSAGE = "The portal can't reach its records at the moment."


@dataclass(frozen=True, slots=True)
class SentForm:
    """The submitted form without its CSRF token and count, which each page sets again."""

    action: str
    fields: tuple[tuple[str, str], ...]


def form_of_request() -> SentForm | None:
    """The form if it can be sent again unchanged: no files, and not too long."""
    if request.method != "POST" or any(file.filename for file in request.files.values()):
        return None
    fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] not in _OWN)
    if sum(len(name) + len(value) for name, value in fields) > LONGEST_FORM:
        return None
    return SentForm(request.full_path.rstrip("?"), fields)


def waiting_page(message: str) -> tuple[str, int, dict[str, str]]:
    """The page with status 503. `message` says in plain words what is unavailable."""
    sent = form_of_request()
    template = "errors/form_waits.html" if sent else "errors/page_waits.html"
    page = render_template(
        template,
        message=message or MESSAGE,
        sent=sent,
        was_sent=request.method == "POST",
        again_at=g.get("try_again_at") or request.full_path.rstrip("?"),
        tried=_times_tried(),
        lists=_may_read_lists(),
        health=url_for("health.ready"),
    )
    return page, 503, {"Retry-After": str(RETRY_AFTER)}


def _may_read_lists() -> bool:
    """Whether the person may see the clinics' downtime lists."""
    proof = proven(current.now())
    return proof is not None and may(proof[0], Deed.SEE_DOWNTIME_LIST)


def _times_tried() -> int:
    tried = request.form.get(TRIED, "")
    return min(int(tried), 99) if tried.isascii() and tried.isdecimal() else 0
