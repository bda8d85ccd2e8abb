"""A patient's appointments, one of them, its cancellation and its entry for a calendar."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.appointments import actions, queries, rules
from portal.appointments.calendar import MEDIA_TYPE, calendar_of
from portal.appointments.forms import CancelForm
from portal.database import db
from portal.models.lookup import Subject, find_patient
from portal.web import current
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed

views = Blueprint("appointments", __name__)

Answer = str | Response | tuple[str, int]
APPOINTMENTS = "/patients/<string(length=20):patient_ref>/appointments"
APPOINTMENT = f"{APPOINTMENTS}/<string(length=20):appointment_ref>"


def subject_of(patient_ref: str, deed: Deed) -> Subject:
    """The patient of the page, if the person may do the deed to them."""
    return find_patient(
        db.session(),
        deed=deed,
        ref=patient_ref,
        **setting(),
    )


@views.get(APPOINTMENTS)
@deed(Deed.SEE_APPOINTMENTS)
def of_patient(patient_ref: str) -> str:
    subject = subject_of(patient_ref, Deed.SEE_APPOINTMENTS)
    history = queries.of_patient(
        db.session(),
        by=current.actor(),
        subject=subject,
        today_began=_today_began(),
        now=current.now(),
    )
    return render_template("appointments/of_patient.html", subject=subject, history=history)


@views.get(APPOINTMENT)
@deed(Deed.SEE_APPOINTMENTS)
def show(patient_ref: str, appointment_ref: str) -> str:
    by, now = current.actor(), current.now()
    subject = subject_of(patient_ref, Deed.SEE_APPOINTMENTS)
    appointment = queries.one(db.session(), by=by, subject=subject, ref=appointment_ref, now=now)
    acts = subject.acted_for_as is not None
    return render_template(
        "appointments/show.html",
        subject=subject,
        appointment=appointment,
        phase=queries.phase(appointment).value,
        may_move=appointment.starts_at > now,
        may_cancel=rules.may_cancel(by, appointment.starts_at, now),
        must_rebook=queries.must_be_rebooked(appointment),
        shows_reason=rules.may_read_reason(by, acts_for_patient=acts),
        shows_overbooking=not rules.is_self_service(by),
    )


def _today_began() -> datetime:
    hospital = current.hospital()
    return hospital.day(hospital.today(current.now()))[0]


@views.get(f"{APPOINTMENT}/calendar.ics")
@deed(Deed.SEE_APPOINTMENTS)
def calendar(patient_ref: str, appointment_ref: str) -> Response:
    subject = subject_of(patient_ref, Deed.SEE_APPOINTMENTS)
    appointment = queries.one(
        db.session(), by=current.actor(), subject=subject, ref=appointment_ref, now=current.now()
    )
    page = url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref)
    content = calendar_of(
        appointment,
        hospital=current.hospital(),
        address=f"{current.settings().portal_url}{page}",
    )
    return Response(
        content,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )


@views.route(f"{APPOINTMENT}/cancel", methods=["GET", "POST"])
@deed(Deed.CANCEL_APPOINTMENT)
def cancel(patient_ref: str, appointment_ref: str) -> Answer:
    form = CancelForm()
    if not form.validate_on_submit():
        page = _cancel_page(patient_ref, appointment_ref, form)
        return (page, 400) if form.is_submitted() else page
    actions.cancel(
        db.session(),
        patient_ref=patient_ref,
        appointment_ref=appointment_ref,
        why=form.why,
        **setting(),
    )
    flash("The appointment is cancelled.")
    return redirect(
        url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref), code=303
    )


def _cancel_page(patient_ref: str, appointment_ref: str, form: CancelForm) -> str:
    subject = subject_of(patient_ref, Deed.CANCEL_APPOINTMENT)
    appointment = queries.one(
        db.session(), by=current.actor(), subject=subject, ref=appointment_ref, now=current.now()
    )
    return render_template(
        "appointments/cancel.html",
        subject=subject,
        appointment=appointment,
        form=form,
        errors=page_errors(form),
    )
