"""Files are counted: accepted or refused, waiting for the scanner, damaged."""

import logging
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from portal.documents.files import damage
from portal.shared_files import SharedFiles
from portal.shared_files.faults import Resting
from portal.telemetry.measures import DAMAGED_FILE, QUARANTINE, SIGNATURES, UPLOAD
from portal.vocabulary import Scan
from portal.worker.figures import measure_the_quarantine, measure_the_signatures
from tests.builders import NOW, a_document, a_patient, context_for, contexts_for
from tests.documents.conftest import Family
from tests.documents.sample_files import a_png
from tests.documents.sending import send, the_form
from tests.embedded_metrics import measured_in


@pytest.fixture(autouse=True)
def log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)


def test_each_file_counts_as_accepted_or_refused(
    family: Family, mother: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    picture = a_png()
    send(mother, the_form(mother, family.address), ("a.png", picture), ("program.exe", b"MZ"))

    kept, refused = measured_in(caplog, UPLOAD)
    assert kept == {"Uploads": 1, "UploadSize": len(picture), "Outcome": "kept"}
    assert refused["Outcome"] == "refused"


def test_a_file_counts_as_resting_while_the_file_system_is_away(
    family: Family,
    mother: FlaskClient,
    store: SharedFiles,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    form = the_form(mother, family.address)

    def rest(*_: object, **__: object) -> None:
        raise Resting

    monkeypatch.setattr("portal.documents.adding.receiving.Tray.judged", rest)
    send(mother, form, ("a.png", a_png()))

    assert [one["Outcome"] for one in measured_in(caplog, UPLOAD)] == ["resting"]


def test_the_age_of_the_quarantine_is_that_of_the_oldest_file(
    database: Session, caplog: pytest.LogCaptureFixture
) -> None:
    patient = a_patient(database)
    for minutes, scan in ((40, Scan.CLEAN), (20, Scan.WAITING), (5, Scan.WAITING)):
        a_document(database, patient, scan=scan, created_at=NOW - timedelta(minutes=minutes))
    database.commit()

    measure_the_quarantine(contexts_for(sessionmaker(database.get_bind())))

    assert measured_in(caplog, QUARANTINE) == [{"QuarantineAge": 1200.0, "FilesInQuarantine": 2}]


@pytest.mark.parametrize(
    ("made", "measured"),
    [
        (NOW - timedelta(days=4), [{"SignatureAge": 345600.0}]),
        (NOW + timedelta(hours=1), [{"SignatureAge": 0.0}]),
        (None, []),
    ],
    ids=["old", "in another time zone", "not said"],
)
def test_the_age_of_the_signatures_is_what_the_scanner_says(
    database: Session,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    made: datetime | None,
    measured: list[dict[str, float]],
) -> None:
    monkeypatch.setattr("portal.documents.checking.scanning.signatures_of", lambda _: made)

    sessions = sessionmaker(database.get_bind())
    measure_the_signatures(contexts_for(sessions), scanner="/run/clamd")
    measure_the_signatures(contexts_for(sessions), scanner=None)

    assert measured_in(caplog, SIGNATURES) == measured


def test_a_damaged_file_counts_once(database: Session, caplog: pytest.LogCaptureFixture) -> None:
    row = a_document(database, a_patient(database))
    for _ in range(2):
        damage.report(context_for(database), row.ref)
        database.commit()

    assert measured_in(caplog, DAMAGED_FILE) == [{"FilesDamaged": 1}]
