"""A long record needs no more statements than a new one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from portal.models import Account
from portal.vocabulary import ClinicalStatus
from tests.builders import NOW, a_medicine, a_note, a_problem, a_report, an_allergy, vital_signs
from tests.builders.ward import Ward
from tests.laws.test_pages import counted

MOST = 8


def fill(session: Session, ward: Ward) -> None:
    for number in range(60):
        at = NOW - timedelta(days=number)
        an_allergy(session, ward.patient)
        a_problem(session, ward.patient)
        a_problem(session, ward.patient, clinical_status=ClinicalStatus.RESOLVED)
        a_medicine(session, ward.patient)
        vital_signs(session, ward.patient, {"8867-4": "80", "8480-6": "120"}, effective_at=at)
        a_report(session, ward.patient, effective_at=at)
        a_note(session, ward.visit, ward.doctor, written_at=at)
    session.commit()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/allergies",
        "/problems",
        "/medicines",
        "/vitals",
        "/vitals/new",
        "/vitals/trends",
        "/results",
        "/results/new",
        "/results/new/blood-count",
        "/notes",
    ],
)
def test_a_page_of_the_record_sends_few_statements_however_long_the_record(
    open_ward: Ward,
    sign_in: Callable[[Account], FlaskClient],
    engine: Engine,
    database: Session,
    path: str,
) -> None:
    browser = sign_in(open_ward.doctor)
    asked = []
    for filled in (False, True):
        if filled:
            fill(database, open_ward)
        with counted(engine) as statements:
            assert browser.get(f"/patients/{open_ward.patient.ref}/record{path}").status_code == 200
        asked.append(len(statements))
    assert max(asked) <= MOST
