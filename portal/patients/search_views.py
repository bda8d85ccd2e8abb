"""The search box and what it finds."""

from datetime import timedelta

from flask import redirect, render_template, request, url_for

from portal.access import Deed, may
from portal.database import db
from portal.patients import search
from portal.patients.base_views import Answer, views
from portal.patients.forms import SearchForm
from portal.web import current, rate_limits
from portal.web.current import setting
from portal.web.forms import page_errors
from portal.web.guard import deed
from portal.web.sealing import seal, unseal
from portal.web.submissions import repeatable


@views.route("/patients", methods=["GET", "POST"], endpoint="search")
@deed(Deed.SEARCH_PATIENTS)
@repeatable
def search_patients() -> Answer:
    form = SearchForm()
    if form.validate_on_submit():
        sealed = seal(form.text.data, by=current.actor())
        return redirect(url_for(".search", search=sealed), code=303)
    found = None if form.is_submitted() else find_for(form)
    page = render_template(
        "patients/search.html",
        form=form,
        found=found,
        errors=page_errors(form),
        most=search.MOST,
        may_register=may(current.actor(), Deed.REGISTER_PATIENT),
    )
    return (page, 400) if form.is_submitted() else page


def find_for(form: SearchForm) -> search.Found | None:
    """Fills in the text that the page's address carries and looks for it; None without one."""
    text = unseal(request.args.get("search", ""), by=current.actor())
    if text is None:
        return None
    form.text.data = text
    rate_limits.spend(
        db.session(),
        f"search {current.actor().ref}",
        allowed=current.hospital().searches_per_minute,
        window=timedelta(minutes=1),
        now=current.now(),
    )
    return search.find_patients(db.session(), text=text, **setting())
