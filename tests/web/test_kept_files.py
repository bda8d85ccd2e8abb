"""How long browsers and caches may keep a static file."""

from typing import Any

import pytest
from flask import Flask

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
