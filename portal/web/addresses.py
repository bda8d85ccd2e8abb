"""Addresses of pages for templates: `url_for` from patterns that are made once.

A long list has a thousand links. Flask's `url_for` needs six times as long for each (`python -m
tests.bench.addresses`: 6 µs and 1 µs), because it can do more than fill references into a pattern.
For anything more, this one calls it.
"""

import re
from typing import Any, NamedTuple

import flask
from flask import Flask
from werkzeug.routing import Rule

_ARGUMENT = re.compile(r"<(?:string(?:\([^)]*\))?:)?(\w+)>")
_PLAIN = re.compile(r"[\w-]+", re.ASCII)


class _Pattern(NamedTuple):
    format: str
    arguments: frozenset[str]


def install(app: Flask) -> None:
    """Called when every route is known."""
    patterns: dict[str, _Pattern | None] = {}
    for rule in app.url_map.iter_rules():
        # For an endpoint with several rules Werkzeug chooses.
        patterns[rule.endpoint] = None if rule.endpoint in patterns else _pattern(rule)

    def url_for(endpoint: str, **values: Any) -> str:
        """As `flask.url_for`."""
        pattern = patterns.get(endpoint)
        if (
            pattern is not None
            and values.keys() == pattern.arguments
            and all(map(_needs_no_quoting, values.values()))
        ):
            return pattern.format.format_map(values)
        return flask.url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = url_for


def _pattern(rule: Rule) -> _Pattern | None:
    """None if an argument is not plain text."""
    format_ = _ARGUMENT.sub(r"{\1}", rule.rule)
    return None if "<" in format_ else _Pattern(format_, frozenset(rule.arguments))


def _needs_no_quoting(value: object) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None
