"""The clinic's day for reception, nurses and doctors, on the screen and on paper."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for

from portal.access import Deed, Role
from portal.appointments import clinics, finding, rebooking
from portal.appointments.day_list import day_list
from portal.appointments.forms import DayForm
from portal.appointments.views import Answer, views
from portal.database import db
from portal.web import current
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed

ONE_DAY = timedelta(days=1)
CLINIC = "/clinics/<string(length=20):location_ref>"


@views.get("/days")
@deed(Deed.SEE_DAY_LIST)
def days() -> Answer:
    """Doctors come to their own list, nurses to their clinic's; who has several clinics chooses."""
    by, hospital, now = current.actor(), current.hospital(), current.now()
    own = clinics.own_clinic(db.session(), by=by, hospital=hospital, now=now)
    if own is None:
        return redirect(url_for(".choose_clinic"))
    practitioner = own.practitioner_ref if Role.DOCTOR in by.roles else None
    return redirect(url_for(".day", location_ref=own.ref, practitioner=practitioner))


@views.get("/days/clinics")
@deed(Deed.SEE_DAY_LIST)
def choose_clinic() -> str:
    found = clinics.clinics(db.session(), **setting())
    return render_template("appointments/clinics.html", clinics=found)


@views.get(f"{CLINIC}/day")
@deed(Deed.SEE_DAY_LIST)
def day(location_ref: str) -> str:
    return _day_page(location_ref, "appointments/day.html")


@views.get(f"{CLINIC}/day/print")
@deed(Deed.SEE_DAY_LIST)
def print_day(location_ref: str) -> str:
    return _day_page(location_ref, "appointments/day_print.html")


def _day_page(location_ref: str, template: str) -> str:
    session, by, hospital, now = db.session(), current.actor(), current.hospital(), current.now()
    clinic = clinics.clinic(session, by=by, ref=location_ref, hospital=hospital, now=now)
    people = {row.ref: row for row in finding.practitioners(session, clinic.id)}
    form = DayForm(request.args)
    form.practitioner.choices = {"": "Everybody"} | {
        ref: row.practitioner for ref, row in people.items()
    }
    good = form.validate()
    shown = (good and form.day.data) or hospital.today(now)
    practitioner = people.get(form.practitioner.data or "") if good else None
    found = day_list(
        session,
        by=by,
        clinic=clinic,
        day=shown,
        practitioner=practitioner,
        hospital=hospital,
        now=now,
    )
    return render_template(
        template,
        clinic=clinic,
        practitioner=practitioner,
        shown=shown,
        days={"before": shown - ONE_DAY, "after": shown + ONE_DAY},
        found=found,
        now=now,
        form=form,
        errors=page_errors(form),
    )


@views.get("/rebook")
@deed(Deed.SEE_DAY_LIST)
def rebook() -> str:
    rows = rebooking.to_rebook(db.session(), **setting())
    return render_template("appointments/rebook.html", rows=rows, most=rebooking.MOST)
