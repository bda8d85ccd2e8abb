"""The search box and its results."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.access import Deed, Role
from portal.database import db
from portal.patients.search import queries
from portal.patients.search.forms import SearchForm
from portal.web import current
from portal.web.form_pages import Answer, round_trip
from portal.web.forms import page_errors
from portal.web.pages import Menu, page
from portal.web.rate_limits import Limit, spend
from portal.web.sealing import seal, unseal

views = Blueprint("search", __name__)


@views.route("/patients", methods=["GET", "POST"])
@page(
    Deed.SEARCH_PATIENTS,
    repeatable=True,
    menu=Menu("Patients", first_for=frozenset({Role.RECEPTION})),
)
def patients() -> Answer:
    form = SearchForm()

    def show() -> str:
        return render_template(
            "patients/search/patients.html",
            form=form,
            found=found_by(form),
            errors=page_errors(form),
            most=queries.MOST,
            may_open_in_emergency=current.context().may(Deed.BREAK_GLASS),
            may_register=current.context().may(Deed.REGISTER_PATIENT),
        )

    return round_trip(form, lambda: to_results(form, ".patients"), show)


def to_results(form: SearchForm, endpoint: str, **where: Any) -> Response:
    """Redirects to the results. The address contains the encrypted text."""
    sealed = seal(form.text.data, by=current.actor())
    return redirect(url_for(endpoint, search=sealed, **where), code=303)


def found_by(form: SearchForm) -> queries.Found | None:
    """Searches for the text in the page's address and fills in the form; None without a text."""
    text = (
        None if form.is_submitted() else unseal(request.args.get("search", ""), by=current.actor())
    )
    if text is None:
        return None
    form.text.data = text
    spend(
        db.session(),
        f"search {current.actor().ref}",
        Limit(current.hospital().searches_per_minute, timedelta(minutes=1)),
        current.now(),
    )
    return queries.find_patients(current.context(), text=text)
