"""The clinic's day for reception, nurses and doctors, on the screen and on paper."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for

from portal.access import Deed, Role
from portal.appointments.day_list import clinics, queries
from portal.appointments.day_list.forms import DayForm
from portal.appointments.day_list.queries import Asked, DayList
from portal.appointments.finding import choices
from portal.context import Context
from portal.web import current
from portal.web.form_pages import Answer
from portal.web.forms import page_errors
from portal.web.pages import Menu, page

views = Blueprint("day_list", __name__)

ONE_DAY = timedelta(days=1)
CLINIC = "/clinics/<string(length=20):location_ref>"


@views.get("/days")
@page(Deed.SEE_DAY_LIST, menu=Menu("Clinic day", section=("/days", "/clinics")))
def days() -> Answer:
    """Doctors see their own list, nurses the list of their clinic; with several clinics they choose one."""
    context = current.context()
    own = clinics.own_clinic(context)
    if own is None:
        return redirect(url_for(".choose_clinic"))
    practitioner = own.practitioner_ref if Role.DOCTOR in context.by.roles else None
    return redirect(url_for(".day", location_ref=own.ref, practitioner=practitioner))


@views.get("/days/clinics")
@page(Deed.SEE_DAY_LIST)
def choose_clinic() -> str:
    found = clinics.clinics(current.context())
    return render_template("appointments/day_list/clinics.html", clinics=found)


@views.get(f"{CLINIC}/day")
@page(Deed.SEE_DAY_LIST)
def day(location_ref: str) -> str:
    return _day_page(location_ref, queries.day_page, "appointments/day_list/day.html")


@views.get(f"{CLINIC}/day/print")
@page(Deed.SEE_DAY_LIST)
def print_day(location_ref: str) -> str:
    return _day_page(location_ref, queries.whole_day, "appointments/day_list/print.html")


def _day_page(location_ref: str, query: Callable[[Context, Asked], DayList], template: str) -> str:
    context = current.context()
    clinic = clinics.clinic(context, location_ref)
    people = choices.practitioners(context, clinic.id)
    form = DayForm(request.args)
    form.practitioner.choices = {"": "All doctors and nurses"} | choices.names(people)
    good = form.validate()
    shown = (good and form.day.data) or context.today
    practitioner = people.get(form.practitioner.data or "") if good else None
    start = current.ref_argument("start")
    return render_template(
        template,
        clinic=clinic,
        practitioner=practitioner,
        shown=shown,
        start=start,
        days={"before": shown - ONE_DAY, "after": shown + ONE_DAY},
        found=query(context, Asked(clinic, shown, practitioner, start)),
        now=context.now,
        form=form,
        errors=page_errors(form),
    )
