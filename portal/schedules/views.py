"""Shared by the views: addresses, the page of a form, and the message after a change."""

from collections.abc import Callable

from flask import render_template

from portal.schedules.forms import ConfirmForm
from portal.schedules.slots.taking_out import Effect, by_day
from portal.web import current
from portal.web.forms import PortalForm, page_errors
from portal.words import counted

PRACTITIONER = "/practitioners/<string(length=20):practitioner_ref>"
CLINIC = "/clinics/<string(length=20):location_ref>"
SCHEDULE = "/schedules/<string(length=20):schedule_ref>"
EXCEPTION = "/exceptions/<string(length=20):exception_ref>"


def form_page(template: str, form: PortalForm, **shown: object) -> Callable[[], str]:
    """A function that renders the form's page, with the booked times to confirm."""

    def show() -> str:
        effect = form.effect if isinstance(form, ConfirmForm) else None
        return render_template(
            f"schedules/{template}.html",
            form=form,
            errors=page_errors(form),
            effect=effect,
            days=by_day(effect.booked, current.hospital()) if effect else [],
            **shown,
        )

    return show


def outcome(effect: Effect) -> str:
    """The effect on slots, for the message after a change."""
    parts = []
    if effect.free:
        parts.append(f" {counted(effect.free, 'free time')} removed.")
    if effect.booked:
        parts.append(f" {counted(len(effect.booked), 'booked appointment')} must be rebooked.")
    return "".join(parts)
