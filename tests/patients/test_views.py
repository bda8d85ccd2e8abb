"""The pages about people, as each of those who use them sees them."""

from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.errors import CHANGED
from portal.models import Patient, RateLimit
from tests.appointments.pages import press
from tests.builders import findable, typed_demographics
from tests.patients.conftest import Family


def search(client: FlaskClient, text: str) -> str:
    """The address that shows what a search for this text finds."""
    answer = press(client, client.get("/patients"), "Search", text=text)
    assert answer.status_code == 303
    return answer.location


def test_reception_finds_a_patient_and_no_address_tells_the_name(
    family: Family, reception: FlaskClient
) -> None:
    address = search(reception, "okafor amina")
    page = reception.get(address)

    assert "okafor" not in address.lower()
    assert f'href="/patients/{family.amina.ref}"' in page.text
    assert family.tomas.ref not in page.text
    assert 'value="okafor amina"' in page.text


def test_a_search_opens_only_for_whoever_made_it(
    family: Family, reception: FlaskClient, doctor: FlaskClient
) -> None:
    address = search(reception, "okafor amina")

    assert family.amina.ref in reception.get(address).text
    assert family.amina.ref not in doctor.get(address).text
    assert "patient found" not in doctor.get(f"{address}x").text
    assert reception.get("/patients?search=ü").status_code == 200


@pytest.mark.parametrize("text", ["", "  ", "x" * 101, "a\x00b"])
def test_a_search_for_nothing_is_explained_beside_the_box(
    family: Family, reception: FlaskClient, text: str
) -> None:
    page = press(reception, reception.get("/patients"), "Search", text=text)

    assert page.status_code == 400
    assert "There is a problem" in page.text
    assert 'id="text-error"' in page.text


def test_searches_are_limited_in_number(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    address = search(reception, "okafor")
    assert reception.get(address).status_code == 200
    database.execute(update(RateLimit).values(attempts=60))
    database.commit()

    answer = reception.get(address)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"


def register(client: FlaskClient, **facts: str) -> tuple[int, str, str]:
    answer = press(client, client.get("/patients/new"), "Register", **typed_demographics(**facts))
    return answer.status_code, answer.text, answer.location or ""


def patients(database: Session) -> int:
    database.rollback()
    return database.scalar(select(func.count()).select_from(Patient)) or 0


def test_reception_registers_a_patient(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    status, _, address = register(
        reception,
        **{"given": "Grace", "family": "Bell", "birth_date-year": "1990", "phone": "0161 4960001"},
        emergency_name="Bo Bell",
        emergency_phone="07700 900999",
        language="und",
        other_language="HAW",
    )
    assert status == 303
    page = reception.get(address)

    assert "The patient is registered." in page.text
    assert "Grace Bell" in page.text
    assert "Bo Bell" in page.text
    database.rollback()
    saved = database.scalars(select(Patient).where(Patient.given == "Grace")).one()
    assert (saved.language, saved.emergency_phone) == ("haw", "07700 900999")
    assert family.amina.ref not in page.text


def test_likely_duplicates_are_shown_before_anything_is_saved(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    answer = press(reception, reception.get("/patients/new"), "Register", **typed_demographics())
    assert answer.status_code == 200
    assert "Is it one of these?" in answer.text
    assert f'href="/patients/{family.amina.ref}"' in answer.text
    assert patients(database) == 2

    back = press(reception, answer, "Change what you typed")
    assert 'value="Amina"' in back.text
    assert patients(database) == 2

    anyway = press(reception, answer, "Register anyway")
    assert anyway.status_code == 303
    assert patients(database) == 3


def test_a_duplicate_that_appeared_meanwhile_is_shown_too(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    answer = press(reception, reception.get("/patients/new"), "Register", **typed_demographics())
    newer = findable(database)
    database.commit()

    again = press(reception, answer, "Register anyway")
    assert again.status_code == 200
    assert newer.ref in again.text
    assert press(reception, again, "Register anyway").status_code == 303


def test_registering_twice_with_one_form_registers_once(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    page = reception.get("/patients/new")
    facts = typed_demographics(**{"given": "Grace", "birth_date-year": "1990", "phone": ""})
    first, second = (press(reception, page, "Register", **facts) for _ in range(2))

    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert patients(database) == 3


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("family", "", "Enter the family name"),
        ("given", "12", "at least one letter"),
        ("email", "josé@example.org", "without accented letters"),
        ("family", "😀", "Use only letters"),
        ("family", "x" * 10_000, "Shorten this"),
        ("birth_date-day", "31", "Enter a real date"),
        ("birth_date-year", "9" * 5000, "Enter a real date"),
        ("birth_date-year", "84", "within the last 130 years"),
        ("birth_date-year", "2027", "today or in the past"),
        ("gender", "", "Choose the patient"),
        ("gender", "robot", "Choose the patient"),
        ("phone", "call me", "Enter a phone number"),
        ("email", "nowhere", "Enter an email address"),
        ("address", "x\n" * 300, "Shorten this"),
        ("language", "", "Choose a language"),
        ("language", "<script>", "Enter a language code"),
        ("other_language", "not a code", "Enter a language code"),
        ("emergency_phone", "07700 900999", "name of the emergency contact"),
        ("emergency_name", "Bo", "phone number of the emergency contact"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field_and_above(
    family: Family, reception: FlaskClient, database: Session, field: str, value: str, told: str
) -> None:
    month = {"birth_date-month": "2"} if field == "birth_date-day" else {}
    status, page, _ = register(reception, **{**month, field: value})

    assert status == 400
    assert page.count(told) >= 2
    assert "nhsuk-error-summary" in page
    assert patients(database) == 2


def test_a_patient_changes_her_contact_details(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    address = f"/patients/{family.amina.ref}/contact"
    answer = press(mother, mother.get(address), "Save", phone="07700 900555", language="pl")
    assert answer.status_code == 303

    database.rollback()
    database.refresh(family.amina)
    assert (family.amina.phone, family.amina.language) == ("07700 900555", "pl")
    assert family.amina.address == "12 Mill Lane\nAshcombe"
    assert mother.get(f"/patients/{family.amina.ref}/change").status_code == 403


def test_a_conflict_keeps_what_was_typed_and_shows_what_was_saved(
    family: Family, reception: FlaskClient, mother: FlaskClient, database: Session
) -> None:
    address = f"/patients/{family.amina.ref}/change"
    page = reception.get(address)
    contact = mother.get(f"/patients/{family.amina.ref}/contact")
    press(mother, contact, "Save", phone="07700 900555", language="en")

    lost = press(reception, page, "Save", gender="female", language="en", address="14 Other Street")
    assert lost.status_code == 409
    assert CHANGED in lost.text
    assert "Saved meanwhile under “Phone number”: 07700 900555" in lost.text
    assert "14 Other Street" in lost.text

    again = press(reception, lost, "Save", gender="female", language="en", phone="07700 900555")
    assert again.status_code == 303
    database.rollback()
    database.refresh(family.amina)
    assert (family.amina.address, family.amina.phone) == ("14 Other Street", "07700 900555")


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "-1", "²", "\x00"])
def test_a_malformed_version_counts_as_a_conflict(
    family: Family, reception: FlaskClient, version: str
) -> None:
    page = reception.get(f"/patients/{family.amina.ref}/change")
    facts = typed_demographics(family="Bell", version=version)

    assert press(reception, page, "Save", **facts).status_code == 409


def test_an_imported_language_is_kept(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    family.amina.language = "en-US"
    database.commit()
    page = reception.get(f"/patients/{family.amina.ref}/change")
    assert '<option value="en-US" selected>' in page.text

    facts = typed_demographics(language="en-US", family="Bell")
    assert press(reception, page, "Save", **facts).status_code == 303
    database.rollback()
    database.refresh(family.amina)
    assert family.amina.language == "en-US"


def test_no_address_of_these_pages_tells_a_name(family: Family, reception: FlaskClient) -> None:
    address = search(reception, "okafor 27/3/1984")

    assert urlsplit(address).path == "/patients"
    assert "1984" not in address
