"""Codes and proxies, as reception and the people concerned go through them."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account, Patient, RelatedPerson
from portal.patients.access.views import SHOWN_ONCE
from portal.web import current
from tests.appointments.pages import press
from tests.builders import NOW, an_account, audited
from tests.patients.conftest import Family

CODE = re.compile(r'class="mch-code">([0-9A-Z-]{14})<')


def code_for(client: FlaskClient, patient: Patient, relationship: str) -> str:
    address = f"/patients/{patient.ref}/code"
    answer = press(client, client.get(address), "Make a code", relationship=relationship)
    assert answer.status_code == 303
    found = CODE.search(client.get(answer.location).text)
    assert found
    return found[1]


def claim(client: FlaskClient, code: str, day: str = "6", month: str = "5", year: str = "2018"):  # type: ignore[no-untyped-def]
    born = {"birth_date-day": day, "birth_date-month": month, "birth_date-year": year}
    return press(client, client.get("/claim-record"), "Link the record", code=code, **born)


def test_a_code_is_shown_once_and_links_the_record(
    family: Family, reception: FlaskClient, stranger: FlaskClient
) -> None:
    code = code_for(reception, family.tomas, "guardian")
    again = reception.get(f"/patients/{family.tomas.ref}/code/shown").text
    assert code not in again
    assert "shown already" in again

    answer = claim(stranger, code)
    assert answer.status_code == 303
    page = stranger.get(answer.location)
    assert "The record is linked to your account." in page.text
    assert "You are acting for" in page.text


def test_the_printed_sheet_has_no_name(family: Family, reception: FlaskClient) -> None:
    address = f"/patients/{family.tomas.ref}/code"
    answer = press(reception, reception.get(address), "Make a code", relationship="parent")
    page = reception.get(answer.location).text
    printed = re.sub(r'<div class="mch-screen-only">.*?</div>', "", page, flags=re.DOTALL)

    assert "Tomás" in page
    assert "Tomás" not in printed
    assert "2018" not in printed


def test_a_wrong_date_of_birth_is_explained_beside_the_code_and_counted(
    family: Family, reception: FlaskClient, stranger: FlaskClient, database: Session
) -> None:
    code = code_for(reception, family.tomas, "parent")
    answer = claim(stranger, code, day="7")

    assert answer.status_code == 400
    assert "find a record for this code" in answer.text
    attempts = [one for one in audited(database) if one.detail == {"attempt": True}]
    assert [one.actor_ref for one in attempts] == [family.stranger.ref]
    assert claim(stranger, code).status_code == 303


def test_guessing_is_limited_by_account_and_refused_guesses_count(
    family: Family, stranger: FlaskClient, database: Session
) -> None:
    answers = [claim(stranger, f"0000-0000-00{number:02}").status_code for number in range(11)]

    assert answers == [400] * 10 + [429]
    assert len([one for one in audited(database) if one.detail == {"attempt": True}]) == 11


def test_guessing_a_date_of_birth_is_limited_by_code_over_all_accounts(
    family: Family,
    reception: FlaskClient,
    stranger: FlaskClient,
    mother: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = code_for(reception, family.tomas, "parent")
    guesses = [claim(stranger, code, year=str(2000 + number)).status_code for number in range(10)]
    assert guesses == [400] * 10
    assert claim(mother, code).status_code == 429

    monkeypatch.setattr(current, "now", lambda: NOW + timedelta(days=1))
    assert claim(mother, code).status_code == 400  # she acts for him already


def test_a_code_is_on_no_other_patients_page_and_cannot_be_read_in_the_cookie(
    family: Family, reception: FlaskClient
) -> None:
    address = f"/patients/{family.tomas.ref}/code"
    made = press(reception, reception.get(address), "Make a code", relationship="guardian")

    other = reception.get(f"/patients/{family.amina.ref}/code/shown")
    with reception.session_transaction() as cookie:
        kept = dict(cookie)
    found = CODE.search(reception.get(made.location).text)

    assert "This code was shown already" in other.text
    assert found is not None
    assert found[1] not in other.text
    assert found[1] not in str(kept)


def test_a_cookie_that_somebody_else_takes_over_shows_no_code(
    family: Family,
    reception: FlaskClient,
    sign_in: Callable[[Account], FlaskClient],
    database: Session,
) -> None:
    address = f"/patients/{family.tomas.ref}/code"
    made = press(reception, reception.get(address), "Make a code", relationship="guardian")
    with reception.session_transaction() as cookie:
        kept = cookie[SHOWN_ONCE]

    colleague = sign_in(an_account(database, Role.RECEPTION))
    with colleague.session_transaction() as cookie:
        cookie[SHOWN_ONCE] = kept

    assert "This code was shown already" in colleague.get(made.location).text


@pytest.mark.parametrize("code", ["", "x" * 41, "\x00", "😀"])
def test_a_malformed_code_is_explained(family: Family, stranger: FlaskClient, code: str) -> None:
    answer = claim(stranger, code)

    assert answer.status_code == 400
    assert 'id="code-error"' in answer.text


def test_claiming_twice_with_one_form_links_once(
    family: Family, reception: FlaskClient, stranger: FlaskClient, database: Session
) -> None:
    code = code_for(reception, family.tomas, "parent")
    page = stranger.get("/claim-record")
    born = {"birth_date-day": "6", "birth_date-month": "5", "birth_date-year": "2018"}
    first, second = (press(stranger, page, "Link the record", code=code, **born) for _ in range(2))

    assert first.location == second.location == f"/patients/{family.tomas.ref}"


def test_reception_gives_and_ends_an_access(
    family: Family, reception: FlaskClient, stranger: FlaskClient, database: Session
) -> None:
    family.stranger.email = "guardian@example.org"
    database.commit()
    new = f"/patients/{family.tomas.ref}/proxies/new"
    missing = press(reception, reception.get(new), "Find", typed="nobody@example.org")
    assert missing.status_code == 400
    assert "find this account" in missing.text

    answer = press(reception, reception.get(new), "Find", typed="guardian@example.org")
    check = reception.get(answer.location)
    assert "6 May 2034, when Tomás turns 16" in check.text
    assert press(reception, check, "Give access").status_code == 400
    given = press(reception, check, "Give access", relationship="guardian")
    assert given.status_code == 303
    assert stranger.get(f"/patients/{family.tomas.ref}").status_code == 200

    listed = reception.get(given.location).text
    ending = re.search(rf"/patients/{family.tomas.ref}/proxies/\w+/end", listed)
    assert ending
    assert press(reception, reception.get(ending[0]), "End the access").status_code == 303
    assert stranger.get(f"/patients/{family.tomas.ref}").status_code == 404
    assert reception.get(ending[0]).status_code == 404


def test_a_patient_sees_who_has_access_and_changes_nothing(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    related = database.scalars(
        select(RelatedPerson).where(RelatedPerson.patient_id == family.tomas.id)
    ).one()
    address = f"/patients/{family.tomas.ref}/proxies"

    assert "Parent" in mother.get(address).text
    assert "End this access" not in mother.get(address).text
    assert mother.get(f"{address}/new").status_code == 403
    assert mother.get(f"{address}/{related.ref}/end").status_code == 403


def test_every_page_about_a_patient_leaves_an_entry(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    paths = ("", "/change", "/contact", "/proxies", "/proxies/new", "/code", "/merge", "/merges")
    for path in paths:
        assert reception.get(f"/patients/{family.tomas.ref}{path}").status_code == 200

    database.rollback()
    entries = audited(database, patient=family.tomas.ref)
    assert len(entries) == len(paths)
