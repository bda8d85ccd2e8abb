"""Requests call the functions that docs/traces.md shows."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pymysql
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from portal import ROOT, database
from portal.database import db
from portal.models import Account
from portal.web import current
from tests.appointments.pages import press
from tests.builders import NOW
from tests.builders.morning import Clinic, found_a_clinic

TRACES = (ROOT / "docs" / "traces.md").read_text()
LINE = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|", re.MULTILINE)
NAMED = sorted(set(LINE.findall(TRACES)))


class Step(NamedTuple):
    file: str
    function: str


def steps_after(words: str) -> list[Step]:
    """The steps of the first table after these words."""
    table = TRACES[TRACES.index(words) :].split("\n\n")
    steps = next([Step(*found) for found in LINE.findall(part)] for part in table if "|---" in part)
    assert len(steps) > 10
    return steps


def forget_what_was_built_before(steps: list[Step]) -> None:
    """Statements are built once per process. Without this, only the first test would see the builder."""
    for step in steps:
        if step.file.endswith(".py"):
            module = import_module(step.file.removesuffix(".py").replace("/", "."))
            builder = getattr(module, step.function, None)
            if isinstance(builder, _lru_cache_wrapper):
                builder.cache_clear()


@contextmanager
def calls() -> Iterator[list[Step]]:
    """The functions of the portal that are called while the block runs, in order."""
    seen: list[Step] = []

    def note(frame: Any, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(ROOT / "portal"):
            seen.append(Step(path.relative_to(ROOT).as_posix(), frame.f_code.co_name))

    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)


def missing_in(called: list[Step], steps: list[Step]) -> list[Step]:
    """The steps that were not called, or not in order."""
    ahead = iter(called)
    return [step for step in steps if step not in ahead]


@pytest.fixture
def clinic(database: Session, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    monkeypatch.setattr(current, "now", lambda: NOW)
    clinic = found_a_clinic(database)
    database.commit()
    return clinic


@pytest.fixture
def patient(clinic: Clinic, sign_in: Callable[[Account], FlaskClient]) -> FlaskClient:
    return sign_in(clinic.account)


def confirm_page(patient: FlaskClient, clinic: Clinic) -> TestResponse:
    where = f"/patients/{clinic.patient.ref}/appointments/book/{clinic.slots[0].ref}"
    return patient.get(where)


@pytest.mark.parametrize(("file", "function"), NAMED)
def test_each_step_names_a_function_that_is_there(file: str, function: str) -> None:
    defined = rf"(def|function|const) {function}\b|\(\{{ {function} \}}\)"

    assert re.search(defined, (ROOT / file).read_text())


def test_a_booking_calls_the_functions_that_are_shown(clinic: Clinic, patient: FlaskClient) -> None:
    page = confirm_page(patient, clinic)
    steps = steps_after("## A request")
    forget_what_was_built_before(steps)

    with calls() as called:
        answer = press(patient, page, "Book this time", about="A cough")

    assert answer.status_code == 303
    assert missing_in(called, steps) == []


def test_a_form_without_a_database_calls_the_functions_that_are_shown(
    app: Flask, clinic: Clinic, patient: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = confirm_page(patient, clinic)
    with app.app_context():
        db.engine.dispose()

    def gone(*_: object) -> None:
        raise pymysql.err.OperationalError(2003, "The zone is gone")

    monkeypatch.setattr(database, "connect", gone)
    monkeypatch.setattr(database, "patience", lambda: 0.0)
    with calls() as called:
        answer = press(patient, page, "Book this time", about="A cough")

    assert answer.status_code == 503
    assert "A cough" in answer.text
    assert missing_in(called, steps_after("## A failure")) == []
