"""Practitioners and the clinics that they work in."""

from flask import render_template

from portal.access import Deed
from portal.database import db
from portal.schedules import practitioner_actions, queries
from portal.schedules.clinic_forms import ConfirmForm, PractitionerForm
from portal.schedules.timetable import practitioner_name
from portal.schedules.views import PRACTITIONER, Answer, done, outcome, page, refusals, views
from portal.web import current
from portal.web.current import setting
from portal.web.guard import deed


@views.get("/practitioners")
@deed(Deed.MANAGE_CLINICS)
def practitioners() -> str:
    found = queries.practitioners(db.session(), deed=Deed.MANAGE_CLINICS, **setting())
    return render_template("schedules/practitioners.html", practitioners=found)


@views.route("/practitioners/new", methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def new_practitioner() -> Answer:
    form = PractitionerForm()
    form.locations.choices = queries.clinic_choices(db.session())
    if form.validate_on_submit():
        with refusals(form):
            ref = practitioner_actions.add_practitioner(
                db.session(), by=current.actor(), facts=form.facts, now=current.now()
            )
            message = f"{form.given.data} {form.family.data} was added. Add their weekly sessions."
            return done(message, "week", practitioner_ref=ref)
    return page("practitioner", form, practitioner=None)


@views.route(PRACTITIONER, methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def practitioner(practitioner_ref: str) -> Answer:
    session = db.session()
    row = queries.practitioner(session, by=current.actor(), ref=practitioner_ref, now=current.now())
    theirs = queries.clinic_choices(session, row.id)
    # By `data`: WTForms takes a keyword `prefix` for itself.
    form = PractitionerForm(data={**row._mapping, "locations": list(theirs)})
    form.locations.choices = queries.clinic_choices(session)
    if form.validate_on_submit():
        with refusals(form):
            practitioner_actions.change_practitioner(
                session, practitioner_ref=practitioner_ref, facts=form.facts, **setting()
            )
            return done(f"{form.given.data} {form.family.data} was changed.", "practitioners")
    return page("practitioner", form, practitioner=row, name=practitioner_name(row))


@views.route(f"{PRACTITIONER}/deactivate", methods=["GET", "POST"])
@deed(Deed.MANAGE_CLINICS)
def deactivate_practitioner(practitioner_ref: str) -> Answer:
    row = queries.practitioner(
        db.session(), by=current.actor(), ref=practitioner_ref, now=current.now()
    )
    name = practitioner_name(row)
    form = ConfirmForm()
    if form.validate_on_submit():
        with refusals(form):
            effect = practitioner_actions.deactivate_practitioner(
                db.session(),
                by=current.actor(),
                practitioner_ref=practitioner_ref,
                confirmed=form.confirmed.data,
                now=current.now(),
            )
            return done(f"{name} can't be booked any more.{outcome(effect)}", "practitioners")
    return page("deactivate_practitioner", form, practitioner=row, name=name)


@views.post(f"{PRACTITIONER}/reactivate")
@deed(Deed.MANAGE_CLINICS)
def reactivate_practitioner(practitioner_ref: str) -> Answer:
    practitioner_actions.reactivate_practitioner(
        db.session(), practitioner_ref=practitioner_ref, **setting()
    )
    return done("They can be booked again, as their sessions say.", "practitioners")
