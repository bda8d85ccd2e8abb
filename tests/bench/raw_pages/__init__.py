"""The measured pages again, made with the raw driver: what the portal's own way is compared with.

The same addresses, templates, cookies, audit entries and words; but PyMySQL and SQL by hand where the
portal has SQLAlchemy, and none of the portal's guard. A test holds what they show to what the portal shows.
"""

from http import HTTPStatus

from flask import Flask, Response, g

from portal import create_app
from portal.settings.configuration import Settings
from tests.bench.raw_pages import booking, people, times
from tests.bench.raw_pages.connection import connection, sign_in


def create_raw_app(settings: Settings) -> Flask:
    portal = create_app(settings)
    app = Flask("raw pages", static_folder=None)
    app.config.update(portal.config)
    for shared in ("settings", "menu"):
        app.extensions[shared] = portal.extensions[shared]
    app.session_interface = portal.session_interface
    # The templates are the portal's, and so are the addresses that they lead to.
    app.jinja_env = portal.jinja_env
    app.url_map = portal.url_map
    app.view_functions = {
        "search.patients": people.search,
        "chart.show": people.home,
        "day_list.day": times.day_list,
        "finding.find": lambda patient_ref: times.free_slots(people.subject_of(patient_ref)),
        "booking.book": booking.book,
        "booking.move": booking.move,
    }
    app.before_request(sign_in)
    app.context_processor(lambda: {"current_user": g._login_user})
    app.after_request(_roll_back_refused)
    return app


def _roll_back_refused(answer: Response) -> Response:
    """A page that was refused, or that failed, has not committed."""
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        connection().rollback()
    return answer
