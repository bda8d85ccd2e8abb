"""Where a person lands after signing in: the page on which their day begins."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.web import current
from portal.web.guard import deed
from portal.web.navigation import first_page

views = Blueprint("home", __name__)


@views.get("/")
@deed(Deed.SEE_HOME)
def home() -> Response:
    return redirect(url_for(first_page(current.actor())))
