"""The templates' own `url_for` gives what Flask's gives."""

from typing import Any

import flask
import pytest
from flask import Flask
from werkzeug.routing import BuildError

REF = "0123456789abcdef0123"


@pytest.fixture
def templates_url_for(app: Flask) -> Any:
    return app.jinja_env.globals["url_for"]


def test_every_page_has_the_address_that_flask_gives_it(app: Flask, templates_url_for: Any) -> None:
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            values: dict[str, Any] = dict.fromkeys(rule.arguments, REF)
            assert templates_url_for(rule.endpoint, **values) == flask.url_for(
                rule.endpoint, **values
            )


@pytest.mark.parametrize(
    "values",
    [
        {"patient_ref": "a b/c?d#é"},
        {"patient_ref": REF, "code": "x&y", "none": None},
        {"patient_ref": REF, "_anchor": "top"},
        {"patient_ref": 12},
    ],
)
def test_what_is_more_than_a_reference_is_quoted(
    app: Flask, templates_url_for: Any, values: dict[str, Any]
) -> None:
    with app.test_request_context():
        address = templates_url_for("chart.show", **values)

        assert address == flask.url_for("chart.show", **values)


def test_a_missing_reference_raises_an_error(app: Flask, templates_url_for: Any) -> None:
    with app.test_request_context(), pytest.raises(BuildError):
        templates_url_for("chart.show")
