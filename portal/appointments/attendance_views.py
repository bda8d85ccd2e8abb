"""The buttons of the day list: each takes one appointment one step on, and comes back to its row."""

import re

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.appointments.attendance import take_step
from portal.appointments.rules import Step
from portal.appointments.views import views
from portal.database import db
from portal.web import current
from portal.web.guard import deed

APPOINTMENT = "/appointments/<string(length=20):appointment_ref>"
REF = re.compile(r"[0-9a-f]{20}")


@views.post(f"{APPOINTMENT}/{Step.CHECK_IN.value}")
@deed(Deed.CHECK_IN)
def check_in(appointment_ref: str) -> Response:
    return _take(Step.CHECK_IN, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.UNDO_CHECK_IN.value}")
@deed(Deed.CHECK_IN)
def undo_check_in(appointment_ref: str) -> Response:
    return _take(Step.UNDO_CHECK_IN, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.START.value}")
@deed(Deed.CONSULT)
def start(appointment_ref: str) -> Response:
    return _take(Step.START, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.FINISH.value}")
@deed(Deed.CONSULT)
def finish(appointment_ref: str) -> Response:
    return _take(Step.FINISH, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.MARK_NOSHOW.value}")
@deed(Deed.MARK_NOSHOW)
def mark_noshow(appointment_ref: str) -> Response:
    return _take(Step.MARK_NOSHOW, appointment_ref)


@views.post(f"{APPOINTMENT}/{Step.UNDO_NOSHOW.value}")
@deed(Deed.MARK_NOSHOW)
def undo_noshow(appointment_ref: str) -> Response:
    return _take(Step.UNDO_NOSHOW, appointment_ref)


def _take(step: Step, appointment_ref: str) -> Response:
    hospital = current.hospital()
    taken = take_step(
        db.session(),
        by=current.actor(),
        step=step,
        appointment_ref=appointment_ref,
        hospital=hospital,
        now=current.now(),
    )
    whose = request.args.get("practitioner", "")
    address = url_for(
        ".day",
        location_ref=taken.location_ref,
        date=hospital.today(taken.starts_at),
        practitioner=whose if REF.fullmatch(whose) else None,
        _anchor=f"a{appointment_ref}",
    )
    return redirect(address, code=303)
