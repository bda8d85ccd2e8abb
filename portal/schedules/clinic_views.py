"""Clinics and their hours."""

from datetime import time

from flask import render_template

from portal.access import Deed
from portal.database import db
from portal.schedules import clinic_actions, lookup, queries
from portal.schedules.clinic_forms import ClinicForm, ConfirmForm
from portal.schedules.rules import Span
from portal.schedules.views import CLINIC, Answer, done, outcome, page, refusals, views
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed

USUAL_HOURS = (time(8), time(18))


@views.get("/clinics")
@deed(Deed.MANAGE_CLINICS)
def clinics() -> str:
    found = queries.clinics(db.session(), by=current.actor(), now=current.now())
    return render_template("schedules/clinics.html", clinics=found)


@views.route("/clinics/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def new_clinic() -> Answer:
    usual = {f"hours_{day}": [Span(day, *USUAL_HOURS)] for day in range(5)}
    form = ClinicForm(data=usual)
    if form.validate_on_submit():
        with refusals(form):
            clinic_actions.add_clinic(
                db.session(), by=current.actor(), facts=form.facts, now=current.now()
            )
            return done(f"{form.name.data} was added.", "clinics")
    return page("clinic", form, clinic=None)


@views.route(CLINIC, methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def clinic(location_ref: str) -> Answer:
    session = db.session()
    row = queries.clinic(session, by=current.actor(), ref=location_ref, now=current.now())
    hours = lookup.hours_of(session, row.id)
    form = ClinicForm(
        name=row.name,
        phone=row.phone,
        address=row.address,
        **{f"hours_{day}": [span for span in hours if span.weekday == day] for day in range(7)},
    )
    if form.validate_on_submit():
        with refusals(form):
            clinic_actions.change_clinic(
                session,
                location_ref=location_ref,
                facts=form.facts,
                **setting(),
            )
            return done(f"{form.name.data} was changed.", "clinics")
    return page("clinic", form, clinic=row)


@views.route(f"{CLINIC}/close", methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def close_clinic(location_ref: str) -> Answer:
    row = queries.clinic(db.session(), by=current.actor(), ref=location_ref, now=current.now())
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals(form):
            effect = clinic_actions.close_clinic(
                db.session(),
                by=current.actor(),
                location_ref=location_ref,
                confirmed=form.confirmed.data,
                now=current.now(),
            )
            return done(f"{row.name} was taken out of use.{outcome(effect)}", "clinics")
    return page("close_clinic", form, clinic=row)


@views.post(f"{CLINIC}/reopen")
@deed(Deed.MANAGE_CLINICS)
def reopen_clinic(location_ref: str) -> Answer:
    clinic_actions.reopen_clinic(
        db.session(),
        location_ref=location_ref,
        **setting(),
    )
    return done("The clinic is in use again and its times can be booked.", "clinics")
