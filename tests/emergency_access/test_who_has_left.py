"""Somebody who no longer works here can't open any record from that moment on."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import Account, Practitioner
from portal.web import current
from tests.builders import NOW, an_emergency_access
from tests.builders.ward import Ward, make_ward

Browse = Callable[[Account], FlaskClient]
BREAK_GLASS = "/emergency-access"


@pytest.fixture
def ward(database: Session, monkeypatch: pytest.MonkeyPatch) -> Ward:
    monkeypatch.setattr(current, "now", lambda: NOW)
    ward = make_ward(database)
    an_emergency_access(database, ward.stranger, ward.doctor)
    database.commit()
    return ward


def paths(ward: Ward) -> list[str]:
    own, urgent = ward.patient.ref, ward.stranger.ref
    return [
        f"/patients/{own}/record",
        f"/patients/{own}",
        f"/patients/{urgent}/record",
        "/days/clinics",
        "/unsigned-notes",
        BREAK_GLASS,
    ]


def test_a_deactivated_practitioner_opens_nothing_in_the_session_that_is_open(
    ward: Ward, sign_in: Browse, database: Session
) -> None:
    doctor = sign_in(ward.doctor)
    assert {doctor.get(path).status_code for path in paths(ward)} == {200}
    practitioner = database.get_one(Practitioner, ward.doctor.practitioner_id)
    practitioner.active = False
    database.commit()
    assert {doctor.get(path).status_code for path in paths(ward)} == {403}
    practitioner.active = True
    database.commit()
    assert {doctor.get(path).status_code for path in paths(ward)} == {200}


def test_a_colleague_goes_on_working(ward: Ward, sign_in: Browse, database: Session) -> None:
    nurse = sign_in(ward.nurse)
    database.get_one(Practitioner, ward.doctor.practitioner_id).active = False
    database.commit()
    assert nurse.get(f"/patients/{ward.patient.ref}/record").status_code == 200


def test_a_disabled_account_is_signed_out(ward: Ward, sign_in: Browse, database: Session) -> None:
    doctor = sign_in(ward.doctor)
    ward.doctor.disabled_at = NOW
    database.commit()
    for path in paths(ward):
        assert (doctor.get(path).location or "").startswith(("/sign-in", "/session-ended")), path
