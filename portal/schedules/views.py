"""The blueprint of this feature, and what its modules of views share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.database import db
from portal.errors import Refused
from portal.schedules.clinic_forms import ConfirmForm
from portal.schedules.rebooking import Effect, Unconfirmed, by_day
from portal.schedules.wording import counted
from portal.web import current
from portal.web.forms import PortalForm, page_errors

views = Blueprint("schedules", __name__, url_prefix="/administration")

Answer = str | tuple[str, int] | Response

PRACTITIONER = "/practitioners/<string(length=20):practitioner_ref>"
CLINIC = "/clinics/<string(length=20):location_ref>"
SCHEDULE = "/schedules/<string(length=20):schedule_ref>"
EXCEPTION = "/exceptions/<string(length=20):exception_ref>"


@contextmanager
def refusals(form: PortalForm) -> Iterator[None]:
    """Shows what an action refuses in the form; what it had changed is given up first."""
    try:
        yield
    except Unconfirmed as question:
        db.session.rollback()
        form.effect = question.effect
        if isinstance(form, ConfirmForm):
            form.confirmed.data = question.effect.fingerprint
    except Refused as fault:
        db.session.rollback()
        name = getattr(fault, "field", "")
        if name in form:
            form[name].errors = [*form[name].errors, fault.message]
        else:
            form.form_errors.append(fault.message)


def page(template: str, form: PortalForm, **facts: Any) -> Answer:
    """The form's page; 400 when it was sent and comes back, as a refusal or as a question."""
    effect = getattr(form, "effect", None)
    errors = page_errors(form)
    html = render_template(
        f"schedules/{template}.html",
        form=form,
        errors=errors,
        effect=effect,
        days=by_day(effect.booked, current.hospital()) if effect else [],
        **facts,
    )
    return html, 400 if form.is_submitted() else 200


def done(message: str, endpoint: str, **where: Any) -> Response:
    flash(message)
    return redirect(url_for(f"schedules.{endpoint}", **where), code=303)


def outcome(effect: Effect) -> str:
    """What became of the times, for the notice after a change."""
    parts = []
    if effect.free:
        parts.append(f" {counted(effect.free, 'free time')} taken out.")
    if effect.booked:
        parts.append(f" {counted(len(effect.booked), 'booked appointment')} must be rebooked.")
    return "".join(parts)
