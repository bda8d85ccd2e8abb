"""No route without a deed, and everybody who is refused is told why."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.web import guard
from tests.builders import an_account


def test_a_route_without_a_deed_stops_the_start() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", lambda: "open")

    with pytest.raises(RuntimeError, match="open"):
        guard.install(app)


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/sign-ins")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/sign-ins"


def test_somebody_signed_in_gets_their_page(
    database: Session, sign_in: Callable[[Account], FlaskClient]
) -> None:
    answer = sign_in(an_account(database, Role.RECEPTION)).get("/sign-ins")

    assert answer.status_code == 200
    assert "Your sign-ins" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_an_unknown_address_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert "find this page" in answer.text
