"""The buttons of the day list: each moves an appointment one step and returns to its row."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.appointments.attendance import queries
from portal.appointments.attendance.actions import Place, take_step
from portal.appointments.attendance.rules import TRANSITIONS
from portal.appointments.rules import in_words
from portal.vocabulary import Phase, Step
from portal.web import current
from portal.web.form_pages import Changed, press
from portal.web.pages import page
from portal.web.seen import Shown, seen_sent

views = Blueprint("attendance", __name__)

APPOINTMENT = "/appointments/<string(length=20):appointment_ref>"


@views.post(f"{APPOINTMENT}/{Step.CHECK_IN.value}")
@page(Deed.CHECK_IN)
def check_in(appointment_ref: str) -> Response:
    return _take(Step.CHECK_IN, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.UNDO_CHECK_IN.value}")
@page(Deed.CHECK_IN)
def undo_check_in(appointment_ref: str) -> Response:
    return _take(Step.UNDO_CHECK_IN, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.START.value}")
@page(Deed.CONSULT)
def start(appointment_ref: str) -> Response:
    return _take(Step.START, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.FINISH.value}")
@page(Deed.CONSULT)
def finish(appointment_ref: str) -> Response:
    return _take(Step.FINISH, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.MARK_NOSHOW.value}")
@page(Deed.MARK_NOSHOW)
def mark_noshow(appointment_ref: str) -> Response:
    return _take(Step.MARK_NOSHOW, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.UNDO_NOSHOW.value}")
@page(Deed.MARK_NOSHOW)
def undo_noshow(appointment_ref: str) -> Response:
    return _take(Step.UNDO_NOSHOW, appointment_ref)


def _take(step: Step, appointment_ref: str) -> Response:
    context = current.context()

    def send() -> Response:
        place = take_step(context, step=step, appointment=seen_sent(appointment_ref))
        return redirect(_back(appointment_ref, place), code=303)

    def now() -> Changed:
        found = queries.standing(context, step=step, appointment_ref=appointment_ref)
        words = f"{in_words(found, context.hospital)}. {found.phase.title}"
        place = Place(found.location_ref, found.starts_at, found.patient_ref)
        return Changed(Shown(found.version, words), _back(appointment_ref, place), _before(step))

    return press(send, now)


def _before(step: Step) -> str:
    """The state that the list showed beside the button of this step."""
    return " or ".join(phase.title for phase in Phase if phase in TRANSITIONS[step].sources)


def _back(appointment_ref: str, place: Place) -> str:
    """The address to return to: the patient's record, or the row on the same page of the list."""
    if request.args.get("to") == "record":
        return url_for("record.show", patient_ref=place.patient_ref, visit=appointment_ref)
    return url_for(
        "day_list.day",
        location_ref=place.location_ref,
        date=current.hospital().today(place.starts_at),
        practitioner=current.ref_argument("practitioner"),
        start=current.ref_argument("start"),
        _anchor=f"a{appointment_ref}",
    )
