"""The list of patients whose appointments must be moved."""

from flask import Blueprint, render_template

from portal.access import Deed
from portal.appointments.rebooking.queries import to_rebook
from portal.web import current
from portal.web.pages import Menu, page

views = Blueprint("rebooking", __name__)


@views.get("/rebook")
@page(Deed.SEE_DAY_LIST, menu=Menu("Must be rebooked"))
def rebook() -> str:
    found = to_rebook(current.context(), current.ref_argument("start"))
    return render_template("appointments/rebooking/list.html", found=found)
