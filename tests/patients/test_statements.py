"""No page about people sends more than eight statements, however much there is to show."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.appointments.pages import press
from tests.builders import a_location, a_practitioner, a_slot, an_appointment, findable
from tests.patients.conftest import Family

MOST = 8


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def crowd(family: Family, database: Session) -> None:
    """Thirty of the same name, and thirty appointments of one of them."""
    practitioner, location = a_practitioner(database), a_location(database)
    for number in range(30):
        findable(database, given=f"Amina{chr(97 + number % 26)}")
        an_appointment(database, family.amina, a_slot(database, practitioner, location))
    database.commit()


@pytest.mark.parametrize(
    "page", ["", "/change", "/contact", "/proxies", "/code", "/merge", "/merges"]
)
def test_the_pages_of_reception(
    family: Family, crowd: None, reception: FlaskClient, statements: list[str], page: str
) -> None:
    assert reception.get(f"/patients/{family.amina.ref}{page}").status_code == 200
    assert len(statements) <= MOST, statements


def test_the_search(
    family: Family, crowd: None, reception: FlaskClient, doctor: FlaskClient, statements: list[str]
) -> None:
    for client in (reception, doctor):
        answer = press(client, client.get("/patients"), "Search", text="okafor amina 1984")
        statements.clear()
        assert client.get(answer.location).status_code == 200
        assert len(statements) <= MOST, statements


@pytest.mark.parametrize("page", ["", "/history", "/contact", "/proxies"])
def test_the_pages_of_a_patient(
    family: Family, crowd: None, mother: FlaskClient, statements: list[str], page: str
) -> None:
    assert mother.get(f"/patients/{family.amina.ref}{page}").status_code == 200
    assert len(statements) <= MOST, statements


def test_the_choice_of_people(family: Family, mother: FlaskClient, statements: list[str]) -> None:
    assert mother.get("/people").status_code == 200
    assert len(statements) <= MOST, statements


def test_the_pages_of_a_doctor(
    family: Family, crowd: None, doctor: FlaskClient, statements: list[str]
) -> None:
    assert doctor.get(f"/patients/{family.amina.ref}").status_code == 200
    assert len(statements) <= MOST, statements
