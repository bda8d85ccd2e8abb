"""The pages of the lists; they work without the database."""

from typing import cast

from flask import Blueprint, current_app, g, render_template

from portal.access import Deed
from portal.downtime import lists, readings
from portal.downtime.box import Box
from portal.errors import NotFound
from portal.shared_files import SharedFiles
from portal.web import current
from portal.web.pages import page

views = Blueprint("downtime", __name__, url_prefix="/downtime")


def box() -> Box:
    store = cast("SharedFiles", current_app.extensions["shared_files"])
    return Box(store, current.settings().secrets)


@views.get("")
@page(Deed.SEE_DOWNTIME_LIST, without_records=True)
def clinics() -> str:
    try:
        as_of, found = lists.clinics_of(box(), by=current.actor(), now=current.now())
    except NotFound:
        as_of, found = None, []
    return render_template("downtime/clinics.html", as_of=as_of, clinics=found)


@views.get("/<string(length=20):location_ref>")
@page(Deed.SEE_DOWNTIME_LIST, without_records=True)
def clinic(location_ref: str) -> str:
    by, now = current.actor(), current.now()
    found = lists.clinic_list(box(), by=by, ref=location_ref, now=now)
    if g.get("proven"):
        readings.note(box(), by=by, ref=location_ref, as_of=found.as_of, now=now)
    else:
        readings.remember(current.context(), location_ref, found.as_of)
    return render_template("downtime/clinic.html", found=found)
