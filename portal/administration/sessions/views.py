from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from portal.access import Deed
from portal.administration.sessions import actions
from portal.administration.sessions.forms import EndSessionsForm
from portal.web import current
from portal.web.form_pages import Answer, done, round_trip
from portal.web.forms import page_errors
from portal.web.pages import page
from portal.words import counted

views = Blueprint("others_sessions", __name__, url_prefix="/administration")


@views.route("/sign-ins", methods=["GET", "POST"])
@page(Deed.END_SESSIONS)
def end_sessions() -> Answer:
    form = EndSessionsForm()

    def send() -> Response:
        ended = actions.end_all_of(current.context(), email=form.email.data)
        if not ended:
            return done("They were not signed in anywhere.", ".end_sessions")
        return done(f"They are signed out. Ended: {counted(ended, 'sign-in')}.", ".end_sessions")

    return round_trip(
        form,
        send,
        lambda: render_template(
            "administration/sessions/end_sessions.html", form=form, errors=page_errors(form)
        ),
    )
