"""How long browsers and caches may keep a static file."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.chromium import Visitor
from tests.plugins.signin import LivePortal

NAME = "build/medicare-hub.css"
YEAR = "public, max-age=31536000, immutable"


def kept(app: Flask, address: str) -> str:
    with app.test_client().get(address) as answer:
        return answer.headers["Cache-Control"]


def test_a_file_is_kept_under_the_fingerprint_that_it_has(app: Flask) -> None:
    with app.test_request_context():
        asset: Any = app.jinja_env.globals["asset"]
        address = asset(NAME)

    assert "?v=" in address
    assert kept(app, address) == YEAR


@pytest.mark.parametrize("query", ["", "?v=", "?v=of-another-release"])
def test_under_any_other_it_is_asked_for_again(app: Flask, query: str) -> None:
    assert kept(app, f"/static/{NAME}{query}") == "no-cache"


@pytest.mark.parametrize("query", ["", "?v=1"])
def test_that_there_is_no_such_file_is_not_kept(app: Flask, query: str) -> None:
    assert kept(app, f"/static/no-such-file.js{query}") == "no-store"


def test_a_browser_asks_for_every_script_with_its_fingerprint(
    live_portal: LivePortal, new_visitor: Callable[..., Visitor]
) -> None:
    """Also for scripts that other scripts import, so that none is asked for on every page."""
    page = new_visitor(base_url=live_portal.url).open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto("/sign-in", wait_until="networkidle")

    scripts = [urlsplit(url) for url in asked if urlsplit(url).path.endswith(".js")]
    assert {"nhsuk-frontend.min.js", "start.js", "session_end.js"} <= {
        script.path.rpartition("/")[2] for script in scripts
    }
    assert [script.path for script in scripts if not script.query.startswith("v=")] == []
