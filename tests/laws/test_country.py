"""Differences between countries are configuration: no template contains them."""

import re

import pytest
from flask import Flask

from portal import ROOT, create_app
from tests.settings import settings_for

EMERGENCY_NUMBERS = re.compile(r"\b(999|112|911|000|061)\b")


@pytest.fixture
def abroad() -> Flask:
    return create_app(settings_for("sqlite://", HOSPITAL_EMERGENCY_NUMBER="112"))


def test_no_template_holds_an_emergency_number() -> None:
    templates = [path for path in (ROOT / "templates").rglob("*") if path.is_file()]

    assert len(templates) > 80
    assert [path.name for path in templates if EMERGENCY_NUMBERS.search(path.read_text())] == []


def test_pages_show_the_emergency_number_of_the_country(abroad: Flask) -> None:
    page = abroad.test_client().get("/sign-in").text

    assert "Call 112." in page
    assert "In an emergency call 112." in page
    assert "999" not in page
