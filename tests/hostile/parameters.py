"""The names of the parameters that an address may be asked with, read from the portal's own code."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from flask import Flask

from portal.web.forms import FilterForm

EVERYWHERE = frozenset({"page", "version", "v", "next", "from", "unknown"})
"""Read for many addresses, by modules that belong to none."""


def names_for(app: Flask, endpoint: str) -> list[str]:
    """The query parameters that the room of this view reads."""
    module = sys.modules[app.view_functions[endpoint].__module__]
    room = Path(module.__file__ or "").parent
    return sorted(EVERYWHERE | _read_in(room) | _filters_of(module.__name__.rpartition(".")[0]))


@cache
def _read_in(room: Path) -> frozenset[str]:
    return frozenset(
        name for path in room.glob("*.py") for name in names_in(path.read_text("utf-8"))
    )


def names_in(source: str) -> Iterator[str]:
    """Every literal that a module which reads the query looks something up with."""
    if "request.args" not in source and "ref_argument" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in {"get", "getlist", "ref_argument"} and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _filters_of(room: str) -> set[str]:
    """The fields of the room's filters, which come with the query."""
    return {
        name
        for form in FilterForm.__subclasses__()
        if form.__module__.startswith(f"{room}.")
        for name in dir(form)
        if hasattr(getattr(form, name), "field_class")
    }
