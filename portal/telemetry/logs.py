"""Logging of portal and worker: one JSON object per line on standard output, or plain lines.

No line contains the message or traceback of an exception, which may quote user input. That is why this module
has its own formatter instead of python-json-logger, which adds both.
"""

import json
import logging
import logging.config
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.telemetry.measures import HUB, ZONE
from portal.telemetry.traces import place_of


def begin(environment: Mapping[str, str]) -> None:
    """Sets up logging in this process from the environment."""
    logging.config.dictConfig(configuration(environment))


def configuration(environment: Mapping[str, str]) -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig` and gunicorn. Settings: docs/settings.md."""
    lines: dict[str, Any] = {
        "()": JsonLines,
        "hub": _setting(environment, "HUB_NAME", "medicare-hub"),
        "zone": _setting(environment, "AVAILABILITY_ZONE", "unknown"),
    }
    # Only this exact value turns the metrics off.
    if _setting(environment, "LOG_FORMAT", "json") == "plain":
        lines = {"()": PlainLines}
    output = {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": lines},
        "handlers": {"output": output},
        "root": {"level": "INFO", "handlers": ["output"]},
        # gunicorn gives its own logger a handler, which this removes.
        "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True}},
    }


def _setting(environment: Mapping[str, str], name: str, default: str) -> str:
    return environment.get(name, "").strip() or default


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object, with the metrics for CloudWatch."""

    def __init__(self, hub: str, zone: str) -> None:
        super().__init__()
        self._where = {HUB: hub, ZONE: zone}

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"at": at, "level": record.levelname, "logger": record.name}
        line |= {"message": record.getMessage(), **self._where, **_facts(record)}
        if directives := getattr(record, "directives", None):
            milliseconds = int(record.created * 1000)
            line["_aws"] = {"Timestamp": milliseconds, "CloudWatchMetrics": directives}
        return json.dumps(line, separators=(",", ":"), default=str)


class PlainLines(logging.Formatter):
    """Formats a record as a line that is easy to read."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        facts = "".join(f" {name}={value}" for name, value in _facts(record).items())
        return f"{at} {record.levelname} {record.name}: {record.getMessage()}{facts}"


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """The metrics and other fields of the record, and the type and place of an exception."""
    facts: dict[str, Any] = getattr(record, "facts", {})
    fault = record.exc_info[1] if record.exc_info else None
    return (
        facts
        if fault is None
        else {**facts, "error": type(fault).__name__, "at_line": place_of(fault)}
    )
