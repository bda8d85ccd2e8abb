"""How long the templates' own `url_for` takes beside Flask's: `python -m tests.bench.addresses`."""

import time
from collections.abc import Callable
from typing import Any

import flask

from portal import create_app
from tests.settings import settings_for

ROUNDS, CALLS = 7, 2000
REF = "0123456789abcdef0123"


def microseconds(url_for: Callable[..., str]) -> float:
    """Per call, from the fastest of several rounds, because interference only makes a round slower."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(CALLS):
            url_for("sessions.end_one", session_ref=REF)
        best = min(best, time.process_time() - began)
    return best / CALLS * 1e6


def main() -> None:
    app = create_app(settings_for("sqlite://"))
    with app.test_request_context():
        own: Any = app.jinja_env.globals["url_for"]
        own, flasks = microseconds(own), microseconds(flask.url_for)
    print(f"own {own:.1f} µs, Flask's {flasks:.1f} µs: {flasks / own:.0f} times as long")


if __name__ == "__main__":
    main()
