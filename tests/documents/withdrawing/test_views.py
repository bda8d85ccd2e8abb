"""Withdrawing: marked, never deleted, with who and why."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import DocumentReference
from portal.shared_files import SharedFiles
from portal.vocabulary import DocumentReferenceStatus, Origin
from tests.appointments.pages import press
from tests.builders import a_document, audited
from tests.documents.conftest import Family
from tests.documents.sending import documents


@pytest.fixture
def letter(family: Family, database: Session) -> DocumentReference:
    row = a_document(database, family.amina, title="The wrong letter")
    database.commit()
    return row


def test_a_patient_withdraws_what_she_sent(
    family: Family, mother: FlaskClient, letter: DocumentReference, database: Session
) -> None:
    address = f"{family.address}/{letter.ref}"
    page = mother.get(f"{address}/withdraw")
    assert "The wrong letter" in page.text
    nothing = press(mother, page, "Withdraw", reason="  ")
    assert nothing.status_code == 400
    assert "Enter what is wrong with it" in nothing.text

    answer = press(mother, page, "Withdraw", reason="It is my sister's")
    assert (answer.status_code, answer.location) == (303, family.address)
    again = press(mother, page, "Withdraw", reason="It is my sister's")
    assert again.status_code == 303, "sent twice, done once"
    [row] = documents(database)
    assert row.status is DocumentReferenceStatus.ENTERED_IN_ERROR
    listed = mother.get(family.address).text
    assert "Withdrawn" in listed
    assert "Amina Okafor withdrew it on" in listed
    assert "It is my sister&#39;s" in listed
    assert "Withdraw this document" not in mother.get(address).text
    assert [one.patient_ref for one in audited(database, "withdraw document")][-1:] == [
        family.amina.ref
    ]


def test_only_the_hospital_withdraws_what_the_hospital_added(
    family: Family,
    mother: FlaskClient,
    doctor: FlaskClient,
    letter: DocumentReference,
    database: Session,
) -> None:
    letter.origin = Origin.HOSPITAL
    database.commit()
    address = f"{family.address}/{letter.ref}"
    refused = mother.get(f"{address}/withdraw")
    assert refused.status_code == 409
    assert "Only the hospital can withdraw" in refused.text
    assert "Withdraw this document" not in mother.get(address).text

    page = doctor.get(f"{address}/withdraw")
    assert press(doctor, page, "Withdraw", reason="Another patient's").status_code == 303


def test_two_who_withdraw_at_once_do_it_once(
    family: Family,
    mother: FlaskClient,
    doctor: FlaskClient,
    store: SharedFiles,
    letter: DocumentReference,
    database: Session,
) -> None:
    pages = [(one, one.get(f"{family.address}/{letter.ref}/withdraw")) for one in (mother, doctor)]
    answers = [press(one, page, "Withdraw", reason="Wrong").status_code for one, page in pages]

    assert answers == [303, 409]
    assert documents(database)[0].withdrawn_by_name == family.mother.name
