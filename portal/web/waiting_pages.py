"""The page that waits when something is away.

It keeps what was typed and tries again by itself. A script asks whether the database answers, and
then sends the form or loads the page again (`static/js/try_again.js`). Without script there is a
button.
"""

from dataclasses import dataclass

from flask import g, render_template, request, url_for

from portal.access import Deed, may
from portal.web import current
from portal.web.proofs import proven

LONGEST_FORM = 200_000
"""The most characters of a form, names and values together. A long note has 20,000."""

TRIED = "tried"
"""The field that counts how often a waiting page has sent its form."""

RETRY_AFTER = 5
"""Seconds, for programs. In people's browsers the script decides."""

_OWN = frozenset({"csrf_token", TRIED})

MESSAGE = "The portal can't reach its records at the moment."


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it came, without its CSRF token and its count, which every page gets new."""

    action: str
    fields: tuple[tuple[str, str], ...]


def form_of_request() -> SentForm | None:
    """The form, if it can be sent again as it is: without files, and not too long."""
    if request.method != "POST" or any(file.filename for file in request.files.values()):
        return None
    fields = tuple(pair for pair in request.form.items(multi=True) if pair[0] not in _OWN)
    if sum(len(name) + len(value) for name, value in fields) > LONGEST_FORM:
        return None
    return SentForm(request.full_path.rstrip("?"), fields)


def waiting_page(message: str) -> tuple[str, int, dict[str, str]]:
    """The page with status 503. `message` says in plain words what is away."""
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
    """Whether the person who waits may see the clinics' downtime lists."""
    proof = proven(current.now())
    return proof is not None and may(proof[0], Deed.SEE_DOWNTIME_LIST)


def _times_tried() -> int:
    tried = request.form.get(TRIED, "")
    return min(int(tried), 99) if tried.isascii() and tried.isdecimal() else 0
