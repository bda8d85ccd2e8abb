"""nginx and the portal have the same limits, and agree which pages accept files."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.errors import ConfigurationError
from portal.settings.hospital import FORM_BYTES, MEGABYTE, Hospital
from portal.web.pages import page_of
from tests.proxied_portal import ROLE, configuration, defaults
from tests.settings import settings_for

LARGEST = defaults()["portal_image_request_megabytes"]
DATABASE = "sqlite://"


def upload_locations() -> str:
    text = configuration(Path("/folder"), 1)
    [found] = re.findall(r"location ~ (\S+) \{", text)
    return str(found)


def test_pages_that_take_files_are_those_that_nginx_lets_long_requests_to(app: Flask) -> None:
    location = re.compile(upload_locations())
    rules = list(app.url_map.iter_rules())
    marks = {rule.rule: page_of(app.view_functions[rule.endpoint]) for rule in rules}
    taking = {address for address, mark in marks.items() if mark and mark.takes_files}
    let_in = {one for one in marks if location.match(re.sub("<[^>]+>", "x" * 20, one))}
    assert len(taking) == 2
    assert let_in == taking


def test_a_form_may_be_as_long_as_the_portal_reads(app: Flask) -> None:
    assert defaults()["portal_image_form_bytes"] == FORM_BYTES == app.config["MAX_CONTENT_LENGTH"]


def test_the_files_of_a_form_fit_through(app: Flask) -> None:
    assert Hospital().upload_bytes <= LARGEST * MEGABYTE
    told: dict[str, Any] = {"LARGEST_REQUEST_MEGABYTES": str(LARGEST)}
    assert settings_for(DATABASE, **told).largest_request_megabytes == LARGEST


def test_a_hospital_whose_files_do_not_fit_through_is_told(app: Flask) -> None:
    told: dict[str, Any] = {"LARGEST_REQUEST_MEGABYTES": str(LARGEST), "DOCUMENT_MEGABYTES": "28"}
    with pytest.raises(ConfigurationError, match="LARGEST_REQUEST_MEGABYTES"):
        settings_for(DATABASE, **told)


def test_the_portal_is_told_what_nginx_lets_through() -> None:
    given = defaults()["portal_image_settings"]["LARGEST_REQUEST_MEGABYTES"]
    assert given == "{{ portal_image_request_megabytes | string }}"


def test_an_instance_has_the_disk_for_what_waits_on_it() -> None:
    """All connections are in use, each with the longest request."""
    figures = defaults()
    fleet = (ROLE.parent / "fleet" / "defaults" / "main.yml").read_text()
    [disk] = re.findall(r"^fleet_disk_gib: (\d+)$", fleet, re.MULTILINE)
    uploads = figures["portal_image_uploads_at_once"] * LARGEST * MEGABYTE
    forms = figures["portal_image_forms_at_once"] * FORM_BYTES
    assert uploads + forms < int(disk) * 2**30 * 0.75
