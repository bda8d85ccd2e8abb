"""Several imports at once do not disturb each other."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.fhir import importing
from portal.fhir.importing import Import
from portal.fhir.storing import Change, Kind, patients
from portal.fhir.storing.known import bearers
from portal.models import Encounter, Patient, PatientIdentifier, Practitioner
from portal.settings.hospital import Hospital
from tests.fhir.samples import BUNDLES, NOW, bundle, resource


def an_import(session: Session) -> Import:
    return Import(session, by=SYSTEM, hospital=Hospital(), clock=lambda: NOW)


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_imports_of_the_same_files_at_once_add_nothing_twice(
    engine: Engine, database: Session, tmp_path: Path
) -> None:
    for number in range(12):
        parsed = bundle("visitor")
        resource(parsed, "Patient")["identifier"][0]["value"] = f"p-{number}"
        resource(parsed, "Encounter")["identifier"][0]["value"] = f"e-{number}"
        (tmp_path / f"{number:02}.json").write_text(json.dumps(parsed))
    files = [BUNDLES / "directory.json", *sorted(tmp_path.iterdir())]
    together = Barrier(4)

    def run(_: int) -> Import:
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            one = an_import(session)
            together.wait(timeout=20)
            list(one.take(files))
            return one

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(run, range(4)))

    assert [one.refusals for one in runs] == [[], [], [], []]
    assert sum(one.outcome.changes[Kind.PATIENT, Change.ADDED] for one in runs) == 12
    assert (count(database, Patient), count(database, Encounter)) == (12, 12)
    assert count(database, Practitioner) == 1


def test_rows_that_another_import_wrote_meanwhile_are_found_at_the_second_try(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(an_import(session).take([BUNDLES / "record.json"]))
    looks = []

    def overlooks_at_first(*arguments: Any) -> Any:
        looks.append(arguments)
        return {} if len(looks) == 1 else known(*arguments)

    known = bearers
    monkeypatch.setattr(patients, "bearers", overlooks_at_first)
    run = an_import(session)
    list(run.take([BUNDLES / "record.json"]))

    assert (run.taken, len(looks)) == (1, 2)
    assert (count(session, Patient), count(session, PatientIdentifier)) == (1, 2)


def test_an_import_that_conflicts_at_each_try_is_refused(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadlock(*_: object, **__: object) -> None:
        raise OperationalError("UPDATE", {}, Exception(1213, "Deadlock found"))

    monkeypatch.setattr(importing, "store_bundle", deadlock)
    run = an_import(session)
    list(run.take([BUNDLES / "record.json"]))

    assert [str(refusal.fault) for refusal in run.refusals] == [
        "others keep writing the same records; import it again"
    ]
