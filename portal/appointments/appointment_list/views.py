"""A patient's appointments, one of them, and its entry for a calendar."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from portal.access import CLINICIANS, Deed
from portal.appointments import rules
from portal.appointments.addresses import APPOINTMENT, APPOINTMENTS
from portal.appointments.appointment_list import queries
from portal.appointments.appointment_list.calendar import MEDIA_TYPE, Publisher, calendar_of
from portal.appointments.booking.rules import may_cancel
from portal.web import current
from portal.web.pages import page

views = Blueprint("appointment_list", __name__)


@views.get(APPOINTMENTS)
@page(Deed.SEE_APPOINTMENTS)
def of_patient(patient_ref: str) -> str:
    before = current.ref_argument("before")
    subject, history = queries.of_patient(current.context(), patient_ref, before)
    return render_template(
        "appointments/appointment_list/of_patient.html",
        subject=subject,
        history=history,
        is_first_page=before is None,
    )


@views.get(APPOINTMENT)
@page(Deed.SEE_APPOINTMENTS)
def show(patient_ref: str, appointment_ref: str) -> str:
    context = current.context()
    subject, appointment = queries.open_one(
        context, Deed.SEE_APPOINTMENTS, patient_ref, appointment_ref
    )
    return render_template(
        "appointments/appointment_list/show.html",
        subject=subject,
        appointment=appointment,
        may_move=appointment.starts_at > context.now,
        may_cancel=may_cancel(context.by, appointment.starts_at, context.now),
        shows_reason=rules.may_read_reason(context.by, subject.acted_for_as),
        opens_record=context.by.is_any_of(CLINICIANS),
        shows_overbooking=not rules.is_self_service(context.by),
    )


@views.get(f"{APPOINTMENT}/calendar.ics")
@page(Deed.SEE_APPOINTMENTS)
def calendar(patient_ref: str, appointment_ref: str) -> Response:
    _, appointment = queries.open_one(
        current.context(), Deed.SEE_APPOINTMENTS, patient_ref, appointment_ref
    )
    settings = current.settings()
    path = url_for(".show", patient_ref=patient_ref, appointment_ref=appointment_ref)
    publisher = Publisher(settings.hospital, settings.mail.sender)
    return Response(
        calendar_of(appointment, publisher, address=f"{settings.portal_url}{path}"),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'attachment; filename="appointment.ics"'},
    )
