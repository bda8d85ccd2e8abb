"""CloudWatch's embedded metric format by its specification, and a parser of such lines.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from portal.telemetry.logs import JsonLines
from portal.telemetry.measures import Measure

UNITS = [
    *(
        f"{size}{unit}{rate}"
        for rate in ("", "/Second")
        for unit in ("Bytes", "Bits")
        for size in ("", "Kilo", "Mega", "Giga", "Tera")
    ),
    *("Seconds", "Microseconds", "Milliseconds", "Percent", "Count", "Count/Second", "None"),
]

_TEXT = {"type": "string", "minLength": 1, "maxLength": 1024}
_NAMED_METRIC = {
    "type": "object",
    "required": ["Name"],
    "properties": {
        "Name": _TEXT,
        "Unit": {"enum": UNITS},
        "StorageResolution": {"enum": [1, 60]},
    },
    "additionalProperties": False,
}
_DIRECTIVE = {
    "type": "object",
    "required": ["Namespace", "Dimensions", "Metrics"],
    "properties": {
        "Namespace": {**_TEXT, "pattern": r"^[^:][\w .#/:-]*$"},
        "Dimensions": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "array",
                "maxItems": 30,
                "uniqueItems": True,
                "items": {"type": "string", "minLength": 1, "maxLength": 250},
            },
        },
        "Metrics": {"type": "array", "minItems": 1, "maxItems": 100, "items": _NAMED_METRIC},
    },
    "additionalProperties": False,
}
_VALIDATOR = Draft202012Validator(
    {
        "type": "object",
        "required": ["_aws"],
        "properties": {
            "_aws": {
                "type": "object",
                "required": ["Timestamp", "CloudWatchMetrics"],
                "properties": {
                    "Timestamp": {"type": "integer", "minimum": 10**12, "maximum": 10**13},
                    "CloudWatchMetrics": {"type": "array", "items": _DIRECTIVE},
                },
            }
        },
    }
)

Metric = tuple[str, frozenset[tuple[str, str]], str, float]
"""Namespace and name with a slash between, dimensions, unit, value: one sample in CloudWatch."""


def faults_of(line: str) -> list[str]:
    """The parts of the line that CloudWatch would reject; empty when the line is correct."""
    document = json.loads(line)
    faults = [f"{error.json_path}: {error.message}" for error in _VALIDATOR.iter_errors(document)]
    return faults or [*_faults_of_targets(document)]


def _faults_of_targets(document: dict[str, Any]) -> Iterator[str]:
    """The directives name members of the root: metrics are numbers, dimensions are short strings."""
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for metric in directive["Metrics"]:
            value = document.get(metric["Name"])
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                yield f"{metric['Name']} is {value!r}, no number"
        for name in {name for names in directive["Dimensions"] for name in names}:
            value = document.get(name)
            if not isinstance(value, str) or not 0 < len(value) <= 1024 or not value.isascii():
                yield f"{name} is {value!r}, no dimension's value"


def samples_of(line: str) -> Iterator[Metric]:
    """What CloudWatch stores from the line: each metric under each of its dimension sets."""
    document = json.loads(line)
    for directive in document["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            where = frozenset((name, document[name]) for name in names)
            for metric in directive["Metrics"]:
                name = f"{directive['Namespace']}/{metric['Name']}"
                yield name, where, metric["Unit"], document[metric["Name"]]


def measured_in(log: pytest.LogCaptureFixture, measure: Measure) -> list[dict[str, Any]]:
    """All samples so far, from lines that CloudWatch accepts. Needs the log level INFO."""
    lines = JsonLines(hub="a-hub", zone="a-zone")
    found = [record for record in log.records if getattr(record, "directives", None)]
    for record in found:
        assert faults_of(lines.format(record)) == []
    return [vars(record)["facts"] for record in found if record.getMessage() == measure.name]
