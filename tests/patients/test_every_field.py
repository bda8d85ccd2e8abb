"""No page about a patient's details leaves out a field, including fields that are added later."""

from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.models import Patient
from portal.patients.registration.rules import Contact, Demographics, titles
from portal.vocabulary import AdministrativeGender
from portal.web.filters import hospital_number
from tests.appointments.pages import press
from tests.builders import NOW, findable, typed_demographics
from tests.patients.conftest import Family

INTERNAL = {"id", "ref", "merged_into_id", "version", "created_at", "updated_at", "imported_at"}
"""Columns that are about the record and not about the person."""
SHOWN = {column.name for column in Patient.__table__.columns} - INTERNAL

DIFFERENT: dict[str, tuple[Any, str]] = {
    "hospital_number": (None, ""),
    "given": ("Seraphina", "Seraphina"),
    "family": ("Quillfeather", "Quillfeather"),
    "birth_date": (date(1951, 7, 19), "19 July 1951"),
    "gender": (AdministrativeGender.OTHER, "Other"),
    "phone": ("0161 496 0777", "0161 496 0777"),
    "email": ("quill@example.org", "quill@example.org"),
    "address": ("77 Lantern Row", "77 Lantern Row"),
    "language": ("cy", "Cymraeg (Welsh)"),
    "interpreter_needed": (True, "Needs an interpreter"),
    "do_not_contact": (True, "Wants no messages from us"),
    "emergency_name": ("Zebedee Quillfeather", "Zebedee Quillfeather"),
    "emergency_relationship": ("Great-uncle", "Great-uncle"),
    "emergency_phone": ("0161 496 0888", "0161 496 0888"),
    "deceased_on": (date(2026, 2, 20), "20 February 2026"),
}
"""For each of these columns a value that no other record here has, and how pages show it."""


@pytest.fixture
def seraphina(family: Family, database: Session) -> Patient:
    given = {name: value for name, (value, _) in DIFFERENT.items() if value is not None}
    patient = findable(database, **given)
    database.commit()
    return patient


def missing_on(page: str, patient: Patient) -> set[str]:
    said = {name: words for name, (_, words) in DIFFERENT.items()}
    said["hospital_number"] = hospital_number(patient.hospital_number)
    return {name for name in SHOWN if said[name] not in page}


def test_this_test_knows_every_column() -> None:
    assert set(DIFFERENT) == SHOWN


def test_the_classes_of_what_is_typed_are_columns_with_titles() -> None:
    typed_in = {field.name for field in fields(Demographics)}

    assert typed_in == SHOWN - {"hospital_number", "deceased_on"}
    assert set(titles(Demographics)) == typed_in
    assert {field.name for field in fields(Contact)} < typed_in


def test_staff_see_every_field(family: Family, reception: FlaskClient, seraphina: Patient) -> None:
    assert missing_on(reception.get(f"/patients/{seraphina.ref}").text, seraphina) == set()


def test_a_comparison_shows_every_field(
    family: Family, reception: FlaskClient, seraphina: Patient
) -> None:
    page = reception.get(f"/patients/{family.amina.ref}/merge/{seraphina.ref}").text

    assert missing_on(page, seraphina) == set()


def test_a_likely_duplicate_is_shown_with_every_field(
    family: Family, reception: FlaskClient, seraphina: Patient
) -> None:
    born = {"birth_date-day": "19", "birth_date-month": "7", "birth_date-year": "1951"}
    facts = typed_demographics(family="Quillfeather", given="Seraphine", phone="", **born)
    page = press(reception, reception.get("/patients/new"), "Register", **facts).text

    assert "Is it one of these?" in page
    assert missing_on(page, seraphina) == set()


def test_the_form_is_filled_in_with_every_field_and_saves_it(
    family: Family, reception: FlaskClient, seraphina: Patient, database: Session
) -> None:
    before = {name: getattr(seraphina, name) for name in SHOWN}
    page = reception.get(f"/patients/{seraphina.ref}/change")
    ticked = {"interpreter_needed": "y", "do_not_contact": "y"}
    facts = {"gender": "other", "language": "cy", **ticked}  # What `press` does not read of a page.
    saved = press(reception, page, "Save", **facts, address="78 Lantern Row")
    assert saved.status_code == 303

    database.rollback()
    database.refresh(seraphina)
    after = {name: getattr(seraphina, name) for name in SHOWN}
    assert after == before | {"address": "78 Lantern Row"}
    assert seraphina.updated_at == NOW
