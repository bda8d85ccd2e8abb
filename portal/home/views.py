"""The start page: redirects to the first page of the person's menu."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.web import current
from portal.web.navigation import first_page
from portal.web.pages import page

views = Blueprint("home", __name__)


@views.get("/")
@page(Deed.SEE_HOME)
def home() -> Response:
    return redirect(url_for(first_page(current.actor())))
