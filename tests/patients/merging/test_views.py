"""Merging two records and undoing it, as reception does."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.errors import CHANGED
from portal.vocabulary import Relationship
from tests.appointments.pages import press
from tests.builders import an_account_of, findable
from tests.patients.conftest import Family


def test_two_records_are_compared_merged_and_separated_again(
    family: Family, reception: FlaskClient, mother: FlaskClient, database: Session
) -> None:
    other = findable(database, given="Aminah")
    an_account_of(database, other, Relationship.ONESELF)
    database.commit()
    start = f"/patients/{family.amina.ref}/merge"
    answer = press(reception, reception.get(start), "Search", text="aminah")
    compare = f"{start}/{other.ref}"
    assert compare in reception.get(answer.location).text

    page = reception.get(compare)
    assert "Both records have an account" in page.text
    unexplained = press(reception, page, "Merge", keep=family.amina.ref)
    assert unexplained.status_code == 400
    merged = press(reception, page, "Merge", keep=family.amina.ref, reason="Same passport")
    assert merged.location == f"/patients/{family.amina.ref}"
    assert reception.get(f"/patients/{other.ref}").location == f"/patients/{family.amina.ref}"

    merges = reception.get(f"/patients/{family.amina.ref}/merges").text
    undo = re.search(r"/patients/\w+/merges/\w+/undo", merges)
    assert undo
    parted = press(reception, reception.get(undo[0]), "Undo the merge")
    assert "They are two records again." in reception.get(parted.location).text
    assert reception.get(f"/patients/{other.ref}").status_code == 200
    assert reception.get(undo[0]).status_code == 404


def test_the_other_record_may_be_the_one_that_is_kept(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    other = findable(database)
    database.commit()
    page = reception.get(f"/patients/{family.amina.ref}/merge/{other.ref}")
    merged = press(reception, page, "Merge", keep=other.ref, reason="Same passport")

    assert merged.location == f"/patients/{other.ref}"


def test_a_record_that_changed_since_it_was_compared_is_not_merged(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    other = findable(database)
    database.commit()
    page = reception.get(f"/patients/{family.amina.ref}/merge/{other.ref}")
    other.version = 2
    database.commit()

    answer = press(reception, page, "Merge", keep=other.ref, reason="Same passport")
    assert answer.status_code == 409
    assert CHANGED in answer.text


@pytest.mark.parametrize(
    "typed",
    [
        {"keep": "x"},
        {"version": "x ² " + "9" * 99},
        {"version": ""},
        {"version": "٣ ٣"},
        {"keep": ""},
    ],
)
def test_a_spoilt_merge_form_merges_nothing(
    family: Family, reception: FlaskClient, database: Session, typed: dict[str, str]
) -> None:
    other = findable(database)
    database.commit()
    page = reception.get(f"/patients/{family.amina.ref}/merge/{other.ref}")
    facts = {"keep": other.ref, "reason": "Same passport", **typed}

    assert press(reception, page, "Merge", **facts).status_code in {400, 409}
    assert (
        reception.get(f"/patients/{family.amina.ref}/merge/{family.amina.ref}").status_code == 404
    )
