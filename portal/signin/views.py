"""Signing in and out, and the list of one's own sessions."""

from flask import Blueprint, render_template

from portal.access import Deed
from portal.web.guard import deed, public

views = Blueprint("signin", __name__)


@views.get("/sign-in")
@public
def sign_in() -> str:
    return render_template("signin/sign_in.html")


@views.get("/sign-ins")
@deed(Deed.SEE_OWN_SESSIONS)
def own_sessions() -> str:
    return render_template("signin/own_sessions.html")
