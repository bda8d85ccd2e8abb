"""An attempt that is refused leaves an audit entry."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from tests.builders import a_patient, an_account, an_account_of, audited

SignIn = Callable[[Account], FlaskClient]


@pytest.mark.parametrize(
    ("role", "deed", "reason", "status"),
    [
        (Role.DOCTOR, "see patient", "NotFound", 404),
        (Role.ADMINISTRATOR, "see patient", "Forbidden", 403),
    ],
)
def test_an_attempt_to_open_anothers_record_is_audited(
    database: Session, sign_in: SignIn, role: Role, deed: str, reason: str, status: int
) -> None:
    patient, account = a_patient(database), an_account(database, role)
    database.commit()

    answer = sign_in(account).get(f"/patients/{patient.ref}")

    assert answer.status_code == status
    [entry] = audited(database, deed)
    assert (entry.actor_ref, entry.entity) == (account.ref, f"Patient/{patient.ref}")
    assert entry.detail == {"refused": reason, "address": "127.0.0.1"}


def test_an_attempt_to_open_a_page_that_the_role_has_not_is_audited(
    database: Session, sign_in: SignIn
) -> None:
    account = an_account(database, Role.NURSE)

    assert sign_in(account).get("/administration/staff").status_code == 403
    [entry] = audited(database, "manage staff")
    assert (entry.actor_ref, entry.entity) == (account.ref, None)
    assert entry.detail == {"refused": "Forbidden", "address": "127.0.0.1"}


def test_an_attempt_to_open_an_unknown_record_leaves_no_entry(
    database: Session, sign_in: SignIn
) -> None:
    browser = sign_in(an_account(database, Role.DOCTOR))

    assert browser.get(f"/patients/{'0' * 20}").status_code == 404
    assert audited(database, "see patient") == []


def test_a_patient_does_not_read_that_somebody_opened_what_was_refused(
    database: Session, sign_in: SignIn
) -> None:
    patient = a_patient(database)
    owner, nosy = an_account_of(database, patient), an_account(database, Role.DOCTOR)
    database.commit()
    sign_in(nosy).get(f"/patients/{patient.ref}")

    page = sign_in(owner).get(f"/patients/{patient.ref}/who-looked")

    assert page.status_code == 200
    assert nosy.name not in page.text
