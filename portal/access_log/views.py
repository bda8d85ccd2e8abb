"""The page on which patients see who opened their record."""

from flask import Blueprint, render_template, request

from portal.access import Deed
from portal.access_log import queries
from portal.web import current
from portal.web.pages import page
from portal.web.sealing import seal, unseal

views = Blueprint("access_log", __name__)


@views.get("/patients/<string(length=20):patient_ref>/who-looked")
@page(Deed.SEE_WHO_LOOKED)
def who_looked(patient_ref: str) -> str:
    context = current.context()
    subject = context.patient(Deed.SEE_WHO_LOOKED, patient_ref)
    # An entry has no reference of its own, and addresses never contain a database id.
    sealed = unseal(request.args.get("before", ""), by=context.by)
    before = int(sealed) if sealed else None
    log = queries.access_log(context, subject, before=before)
    return render_template(
        "access_log/who_looked.html",
        subject=subject,
        log=log,
        older=seal(str(log.older), by=context.by) if log.older else None,
        is_first_page=before is None,
    )
