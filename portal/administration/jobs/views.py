from flask import Blueprint, render_template

from portal.access import Deed
from portal.administration.jobs import queries
from portal.web import current
from portal.web.pages import Menu, page

views = Blueprint("jobs", __name__, url_prefix="/administration")


@views.get("/jobs")
@page(Deed.SEE_JOBS, menu=Menu("Background jobs"))
def jobs() -> str:
    found = queries.jobs(current.context())
    return render_template("administration/jobs/jobs.html", jobs=found)
