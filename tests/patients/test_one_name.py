"""People with one name: it is their family name, and the first names stay empty."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Patient
from portal.patients.registration.queries import likely_duplicates
from portal.patients.search.queries import find_patients
from portal.vocabulary import Relationship
from tests.appointments.pages import press
from tests.builders import (
    actor_of,
    an_account,
    context_for,
    demographics,
    findable,
    relate,
    typed_demographics,
)
from tests.patients.conftest import Family


def test_reception_registers_somebody_with_one_name(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    facts = typed_demographics(given="", family="Suharto", phone="", **{"birth_date-year": "1990"})
    answer = press(reception, reception.get("/patients/new"), "Register", **facts)
    assert answer.status_code == 303

    database.rollback()
    patient = database.scalars(select(Patient).where(Patient.family == "Suharto")).one()
    assert patient.given == ""
    page = reception.get(answer.location).text
    assert ">Suharto</a>" in page
    assert "None Suharto" not in page


def test_first_names_can_be_removed(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    page = reception.get(f"/patients/{family.amina.ref}/change")
    facts = typed_demographics(given="", family="Amina")
    assert press(reception, page, "Save", **facts).status_code == 303

    database.rollback()
    database.refresh(family.amina)
    assert (family.amina.given, family.amina.family) == ("", "Amina")


@pytest.mark.parametrize("text", ["suharto", "suh", "suharto 27/3/1984"])
def test_a_search_finds_them(session: Session, text: str) -> None:
    patient = findable(session, given="", family="Suharto")
    findable(session)
    by = actor_of(an_account(session, Role.RECEPTION))

    (hit,) = find_patients(context_for(session, by), text=text).hits
    assert (hit.ref, hit.listed_name) == (patient.ref, "Suharto")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"birth_date": demographics().birth_date.replace(day=28)},
        {"given": "Suharto", "family": "Suharto"},
    ],
    ids=["same", "a slip in the date of birth", "typed twice"],
)
def test_they_are_shown_as_duplicates_when_registered_again(
    session: Session, facts: dict[str, object]
) -> None:
    findable(session, given="", family="Suharto", phone=None)
    context = context_for(session, actor_of(an_account(session, Role.RECEPTION)))
    again = {"given": "", "family": "Suharto", "phone": None, **facts}

    assert len(likely_duplicates(context, demographics=demographics(**again))) == 1


def test_their_pages_call_them_by_it(
    family: Family, database: Session, reception: FlaskClient, mother: FlaskClient
) -> None:
    child = findable(database, given="", family="Suharto")
    relate(database, database.merge(family.mother), child, Relationship.CARER)
    database.commit()

    assert "Appointments for Suharto" in mother.get(f"/patients/{child.ref}").text
    assert ">Suharto<" in mother.get("/people").text
    compare = reception.get(f"/patients/{family.amina.ref}/merge/{child.ref}")
    assert compare.status_code == 200
    assert ">Suharto<" in compare.text
