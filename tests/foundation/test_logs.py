"""portal/telemetry/logs.py: a line is one JSON object, without anything that somebody typed."""

import json
import logging
import logging.config
from typing import Any

import pytest

from portal.telemetry import logs
from portal.telemetry.logs import JsonLines, PlainLines

JSON = JsonLines(hub="a-hub", zone="eu-west-2a")


def a_record(message: str = "a word", *arguments: Any, **more: Any) -> logging.LogRecord:
    logger = logging.getLogger("portal.place")
    return logger.makeRecord("portal.place", logging.INFO, "f", 1, message, arguments, None, **more)


def test_a_line_says_when_where_and_what() -> None:
    line = json.loads(JSON.format(a_record("%s at work\nagain", "jobs")))

    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "INFO",
        "logger": "portal.place",
        "message": "jobs at work\nagain",
        "Hub": "a-hub",
        "Zone": "eu-west-2a",
    }
    assert "\n" not in JSON.format(a_record("two\nlines"))


@pytest.mark.parametrize("lines", [JSON, PlainLines()], ids=["json", "plain"])
def test_of_an_exception_only_its_kind_and_place_are_logged(lines: logging.Formatter) -> None:
    record = a_record()
    try:
        raise LookupError("Amina Okafor")
    except LookupError as fault:
        record.exc_info = (type(fault), fault, fault.__traceback__)

    line = lines.format(record)

    assert "LookupError" in line
    assert "test_logs.py:" in line
    assert "Amina" not in line


def test_plain_lines_are_for_people() -> None:
    record = a_record("booking", extra={"facts": {"Outcome": "booked"}, "directives": [{}]})

    assert PlainLines().format(record).endswith("INFO portal.place: booking Outcome=booked")


def test_the_environment_chooses_the_lines() -> None:
    def formatter(**environment: str) -> Any:
        return logs.configuration(environment)["formatters"]["lines"]

    assert formatter(LOG_FORMAT="plain") == {"()": PlainLines}
    assert formatter(LOG_FORMAT="jsno")["()"] is JsonLines
    assert formatter(HUB_NAME="north", AVAILABILITY_ZONE="eu-west-2b") == {
        "()": JsonLines,
        "hub": "north",
        "zone": "eu-west-2b",
    }
