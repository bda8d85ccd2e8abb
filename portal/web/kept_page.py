"""The waiting page that browsers keep, for when nothing of the portal answers.

A service worker (`static/js/service_worker.js`) shows it instead of a load balancer's bare 503.
docs/decisions/a-waiting-page-in-the-browser.md says why.
"""

import hashlib
import json
from pathlib import Path

from flask import Blueprint, current_app, render_template, url_for
from werkzeug.wrappers import Response

from portal.web.pages import PUBLIC, page

views = Blueprint("kept_page", __name__)

SCRIPT = "js/service_worker.js"
FILES = (
    *("build/medicare-hub.css", "build/nhsuk-frontend.min.js", "img/icon.svg"),
    *("js/start.js", "js/session_end.js", "js/try_again.js"),
)
"""What the page needs to look and work as it should."""

TEMPLATES = ("errors/portal_away.html", "errors/_waits.html", "layout.html", "ui/page.html")

LOOKED_FOR_AFTER = 3600
"""Seconds until a browser asks whether the script has changed."""


@views.get("/portal-away")
@page(PUBLIC)
def portal_away() -> str:
    return render_template("errors/portal_away.html", health=url_for("health.ready"))


@views.get("/service-worker")
@page(PUBLIC)
def service_worker() -> Response:
    """At the root, because a service worker answers only for what is below its own address."""
    script = Path(current_app.static_folder or "", SCRIPT).read_text()
    asset = current_app.jinja_env.globals["asset"]
    kept = {
        "page": url_for(".portal_away"),
        "files": [asset(name) for name in FILES],  # type: ignore[operator]
        "words": _fingerprint(),
    }
    headers = {"Cache-Control": f"private, max-age={LOOKED_FOR_AFTER}"}
    source = f"const KEPT = {json.dumps(kept)};\n{script}"
    return Response(source, mimetype="text/javascript", headers=headers)


def _fingerprint() -> str:
    """Changes with the page's words, so that browsers then keep the new page."""
    folder = Path(current_app.template_folder or "")
    sources = [Path(folder, name).read_text() for name in TEMPLATES]
    words = "".join((*sources, repr(current_app.jinja_env.globals["hospital"])))
    return hashlib.sha256(words.encode()).hexdigest()[:16]
