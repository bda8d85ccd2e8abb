"""`flask fhir import`: files in any order, one line for each refused file, and a summary."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.fhir import importing
from portal.models import Encounter, Patient, Practitioner
from tests.fhir.samples import BUNDLES, bundle, resource


@pytest.fixture
def run(app: Flask, database: Session) -> Any:
    """Runs the command with these paths."""

    def run(*paths: Path) -> Result:
        return app.test_cli_runner().invoke(args=["fhir", "import", *map(str, paths)])

    return run


def test_a_folder_is_imported_whatever_the_order_of_its_files(
    run: Any, database: Session, tmp_path: Path
) -> None:
    shutil.copy(BUNDLES / "visitor.json", tmp_path / "1.json")
    shutil.copy(BUNDLES / "record.json", tmp_path / "2.json")
    shutil.copy(BUNDLES / "directory.json", tmp_path / "3.json")

    result = run(tmp_path)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "3 files imported, 0 refused.",
        "  patients: 2 added",
        "  practitioners: 2 added",
        "  organizations and locations: 3 added, 1 unchanged",
        "  encounters: 3 added",
        "  not read yet: Encounter that is not finished 1, Observation 1",
    ]
    without = select(Encounter).where(Encounter.practitioner_id.is_(None))
    assert database.scalars(without).all() == []


def test_encounters_find_a_patient_of_a_later_file(
    run: Any, database: Session, tmp_path: Path
) -> None:
    parsed = bundle("visitor")
    del parsed["entry"][0]
    resource(parsed, "Encounter")["subject"] = {
        "reference": "Patient?identifier=https://records.example.org/made-up|p-2"
    }
    resource(parsed, "Encounter")["identifier"][0]["value"] = "e-25"
    (tmp_path / "1.json").write_text(json.dumps(parsed))
    shutil.copy(BUNDLES / "visitor.json", tmp_path / "2.json")

    result = run(tmp_path)

    assert result.exit_code == 0
    assert "  encounters: 2 added" in result.stdout


def test_history_without_its_practitioners_is_told_and_completed_by_the_next_run(
    run: Any, database: Session
) -> None:
    first = run(BUNDLES / "visitor.json")
    run(BUNDLES / "directory.json")
    again = run(BUNDLES / "visitor.json")

    assert (
        "  1 encounters name a practitioner or a place that is in none of the files" in first.stdout
    )
    assert "  encounters: 1 updated" in again.stdout
    assert "in none of" not in again.stdout


def test_a_refused_file_is_named_with_entry_and_reason_and_the_others_are_kept(
    run: Any, database: Session, tmp_path: Path
) -> None:
    parsed = bundle("visitor")
    resource(parsed, "Encounter")["period"] = {}
    (tmp_path / "broken.json").write_text(json.dumps(parsed))
    (tmp_path / "empty.json").touch()
    shutil.copy(BUNDLES / "record.json", tmp_path / "good.json")

    result = run(tmp_path, tmp_path / "missing.json")

    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        (
            f"{tmp_path}/broken.json: entry 2 (Encounter/00000000-0000-4000-8000-000000000024):"
            " Encounter.period has no start, so it has no place in the history"
        ),
        f"{tmp_path}/empty.json: the file is empty",
        f"{tmp_path}/missing.json: it can't be read (No such file or directory)",
    ]
    assert result.stdout.startswith("1 files imported, 3 refused.")
    assert database.scalars(select(Patient.given)).all() == ["Inês Maria"]


def test_nothing_of_a_bundle_is_kept_when_its_last_entry_is_refused(
    run: Any, database: Session, tmp_path: Path
) -> None:
    parsed = bundle("record")
    resource(parsed, "Encounter")["subject"] = {"reference": "Patient/nobody"}
    (tmp_path / "bundle.json").write_text(json.dumps(parsed))

    result = run(tmp_path)

    assert result.exit_code == 1
    assert "its patient is neither in this bundle nor known" in result.stderr
    for table in (Patient, Practitioner, Encounter):
        assert database.scalar(select(func.count()).select_from(table)) == 0


def test_control_characters_of_a_file_name_do_not_reach_the_terminal(
    run: Any, tmp_path: Path
) -> None:
    (tmp_path / "a\x1b[2J.json").touch()

    assert "\x1b" not in run(tmp_path).stderr


def test_without_a_path_the_command_says_what_it_wants(run: Any) -> None:
    result = run()

    assert result.exit_code == 2
    assert "Missing argument 'PATHS...'" in result.stderr


def test_a_database_that_is_away_ends_the_run_with_a_message(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception(2003, "Can't connect"))

    monkeypatch.setattr(importing, "store_bundle", away)

    result = run(BUNDLES)

    assert result.exit_code == 1
    assert "The database does not answer" in result.stderr
    assert "import the same files again" in result.stderr
