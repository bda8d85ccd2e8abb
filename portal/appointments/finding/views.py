"""Choosing a time: the page with the first free slots, for booking and for moving."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from portal.access import Deed
from portal.appointments.addresses import APPOINTMENT, APPOINTMENTS
from portal.appointments.appointment_list.queries import AppointmentDetails, one
from portal.appointments.booking.queries import SlotDetails
from portal.appointments.finding import choices, queries
from portal.appointments.finding.choices import Choice
from portal.appointments.finding.forms import FindForm
from portal.appointments.finding.queries import Wish
from portal.context import Context
from portal.models import Appointment
from portal.reach.lookup import Subject
from portal.vocabulary import Mode
from portal.web import current
from portal.web.forms import page_errors
from portal.web.pages import page

views = Blueprint("finding", __name__)

ANY_SLOT = "0" * 20

Choices = dict[str, Choice]


@views.get(f"{APPOINTMENTS}/find")
@page(Deed.FIND_SLOTS)
def find(patient_ref: str) -> str:
    return _find_page(current.context().patient(Deed.FIND_SLOTS, patient_ref))


@views.get(f"{APPOINTMENT}/move")
@page(Deed.MOVE_APPOINTMENT)
def find_to_move(patient_ref: str, appointment_ref: str) -> str:
    context = current.context()
    subject = context.find_patient(Deed.MOVE_APPOINTMENT, patient_ref)
    moved = one(context, subject, appointment_ref)
    of = Appointment.reference(appointment_ref)
    context.remember(Deed.FIND_SLOTS, of=of, patient=subject.ref, opened=True)
    return _find_page(subject, moved)


def _find_page(subject: Subject, moved: AppointmentDetails | None = None) -> str:
    """The filters and the days found; with `moved`, for moving that appointment."""
    context = current.context()
    form, clinics, people = _form(context, moved)
    overbooks = moved is None and context.may(Deed.OVERBOOK)
    found, booked = None, None
    if form.validate():
        wish = _wish(subject, moved, form, (clinics, people))
        found = queries.first_free(context, wish)
        if overbooks and wish.on is not None:
            booked = queries.booked_times(context, wish, wish.on)
    return render_template(
        "appointments/finding/find.html",
        subject=subject,
        moved=moved,
        form=form,
        errors=page_errors(form),
        found=found,
        booked=booked,
        overbooks=overbooks,
        hold=_hold_prefix(subject, moved and moved.ref),
        again=_link_to_this_page(form),
    )


def taken(subject: Subject, wanted: SlotDetails, message: str, moved_ref: str | None = None) -> str:
    """The page after a conflict: the reason, and the next free times with the same filters."""
    context = current.context()
    since = context.hospital.today(wanted.starts_at)
    wish = Wish(
        subject.id,
        wanted.location_id,
        mode=wanted.mode,
        since=since,
        moved_ref=moved_ref or "",
    )
    found = queries.first_free(context, wish)
    return render_template(
        "appointments/finding/taken.html",
        subject=subject,
        message=message,
        wanted=wanted,
        found=found,
        hold=_hold_prefix(subject, moved_ref),
        find=_find_address(subject, moved_ref, clinic=wanted.location_ref),
    )


def _hold_prefix(subject: Subject, moved_ref: str | None) -> str:
    """The address for holding a slot, without the slot's reference; built once for the whole list."""
    refs: dict[str, Any] = {"patient_ref": subject.ref, "slot_ref": ANY_SLOT}
    address = (
        url_for("booking.hold", **refs)
        if moved_ref is None
        else url_for("booking.hold_to_move", appointment_ref=moved_ref, **refs)
    )
    return address.removesuffix(ANY_SLOT)


def _find_address(subject: Subject, moved_ref: str | None, clinic: str) -> str:
    refs: dict[str, Any] = {"patient_ref": subject.ref, "clinic": clinic}
    if moved_ref is None:
        return url_for("finding.find", **refs)
    return url_for("finding.find_to_move", appointment_ref=moved_ref, **refs)


def _form(context: Context, moved: AppointmentDetails | None) -> tuple[FindForm, Choices, Choices]:
    """The form with its values and its choices."""
    form = FindForm(request.args)
    clinics = choices.clinics(context)
    if moved is not None and "clinic" not in request.args and moved.location_ref in clinics:
        form.clinic.data = moved.location_ref
    clinic = clinics.get(form.clinic.data or "")
    people = choices.practitioners(context, clinic and clinic.id)
    form.clinic.choices = {"": "Any clinic"} | choices.names(clinics)
    form.practitioner.choices = {"": "Anyone"} | choices.names(people)
    return form, clinics, people


def _wish(
    subject: Subject,
    moved: AppointmentDetails | None,
    form: FindForm,
    offered: tuple[Choices, Choices],
) -> Wish:
    clinics, people = offered
    clinic = clinics.get(form.clinic.data or "")
    person = people.get(form.practitioner.data or "")
    return Wish(
        subject.id,
        moved_ref=moved.ref if moved else "",
        location_id=clinic and clinic.id,
        practitioner_id=person and person.id,
        mode=Mode(form.mode.data) if form.mode.data else None,
        since=form.since.data,
        on=form.day.data,
    )


def _link_to_this_page(form: FindForm) -> str:
    """This page's address with the same filters except the day; append more with `&`."""
    kept = {field.name: field.data or "" for field in (form.clinic, form.practitioner, form.mode)}
    return f"{request.path}?{urlencode(kept)}"
