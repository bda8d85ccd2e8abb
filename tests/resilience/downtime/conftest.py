"""The box of the lists, and two clinics whose lists are in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.downtime import lists, readings
from portal.downtime.box import Box
from tests.builders import context_for
from tests.resilience.downtime.clinics import Ward


@pytest.fixture
def box(app: Flask, tmp_path: Path) -> Box:
    return Box(app.extensions["shared_files"], app.extensions["settings"].secrets)


@pytest.fixture
def ward(records: Session, box: Box) -> Ward:
    """Its lists were written ten minutes ago."""
    now = datetime.now(UTC)
    for name in box.store.names(readings.FOLDER):
        box.store.discard(name)
    ward = Ward(records, now)
    lists.write(context_for(records, now=now - timedelta(minutes=10)), box)
    records.rollback()
    return ward
