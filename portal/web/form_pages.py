"""The round trip of a form, the same for every page with a form.

@views.route("/clinics/new", methods=["GET", "POST"])
@page(Deed.MANAGE_CLINICS)
def new_clinic() -> Answer:
    form = ClinicForm()

    def send() -> Response:
        actions.add_clinic(current.context(), form.clinic)
        return done("The clinic has been added.", ".clinics")

    return round_trip(form, send, lambda: render_template("…", form=form))
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.database import db
from portal.errors import ChangedMeanwhile, Conflict, Refused
from portal.web.forms import PortalForm
from portal.web.seen import SeenForm, Shown, shown_sent, told

Answer = str | tuple[str, int] | Response


def round_trip(form: PortalForm, send: Callable[[], Response], show: Callable[[], str]) -> Answer:
    """The response of `send` when the form is valid; otherwise, and for a GET, the page of `show`.

    When an action refuses, the message is shown beside its field or above all fields, the input is kept, the
    transaction is rolled back, and the status is 400. A `Conflict` is not handled here, because the form is
    useless then. After `ChangedMeanwhile`, `show` says what changed (`SeenForm.see`), and the status is 409.
    """
    if form.validate_on_submit():
        try:
            return send()
        except ChangedMeanwhile:
            if not isinstance(form, SeenForm):
                raise
            db.session.rollback()
            form.refused_as_changed = True
        except Conflict:
            raise
        except Refused as fault:
            db.session.rollback()
            form.say(fault)
    page = show()
    if isinstance(form, SeenForm) and form.changed_meanwhile:
        return _changed(page)
    return (page, 400) if form.is_submitted() else page


class Changed(NamedTuple):
    """The page to show when a button was pressed too late."""

    now: Shown
    back: str
    """The address of the page with the button."""
    before: str = ""
    """The state that the page showed, if its form does not contain it."""


def press(send: Callable[[], Response], now: Callable[[], Changed]) -> Response:
    """The round trip of a form that is one button.

    If the row has changed since the page was shown, nothing is done, and the page shows what `now` returns.
    """
    try:
        return send()
    except ChangedMeanwhile:
        db.session.rollback()
        found = now()
        lines = told(found.before or shown_sent(), found.now)
        page = render_template("errors/changed.html", lines=lines, back=found.back)
        return make_response(_changed(page))


def _changed(page: str) -> tuple[str, int]:
    # The guard rolls back the writes of a refused form, but the audit entries of this read must stay.
    db.session.commit()
    return page, 409


def done(message: str, endpoint: str, **where: Any) -> Response:
    """Redirects to a page, which shows the message once."""
    flash(message)
    return redirect(url_for(endpoint, **where), code=303)
