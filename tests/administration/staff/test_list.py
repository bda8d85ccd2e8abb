"""The list of staff: its content, its search, its pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.access import Role
from tests.administration.staff.pages import STAFF
from tests.builders import NOW, a_clinician, an_account
from tests.html5 import well_formed


def test_the_list_is_the_administrators_first_page(browser: FlaskClient) -> None:
    assert browser.get("/").location == STAFF


def test_the_list_shows_staff_and_no_patient(database: Session, browser: FlaskClient) -> None:
    a_clinician(database, Role.DOCTOR)[0].name = "Dr Priya Raman"
    gone = an_account(database, Role.NURSE, Role.RECEPTION, name="Tomasz Zieliński")
    gone.disabled_at = NOW
    an_account(database, Role.PATIENT, name="Amina Okafor", email="amina@example.org")
    database.commit()

    text = well_formed(browser.get(STAFF))

    assert "Dr Priya Raman" in text
    assert "Nurse, Reception" in text
    assert "Disabled" in text
    assert "Amina" not in text


@pytest.mark.parametrize("typed", ["zielin", "TOMASZ", "t.z@hosp", "ń"])
def test_the_search_finds_parts_of_names_and_addresses(
    database: Session, browser: FlaskClient, typed: str
) -> None:
    an_account(database, Role.NURSE, name="Tomasz Zieliński", email="t.z@hospital.example")
    an_account(database, Role.NURSE, name="Grace Mesah", email="g.m@hospital.example")
    database.commit()

    text = well_formed(browser.get(STAFF, query_string={"name": typed}))

    assert "Tomasz" in text
    assert "Grace" not in text


@pytest.mark.parametrize(
    "query",
    [
        {"name": "%"},
        {"name": "_"},
        {"name": "!"},
        {"name": "\x00\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")},
        {"name": "'; DROP TABLE account; --"},
        {"name": "x" * 5000},
        {"page": "0"},
        {"page": "-1"},
        {"page": "many"},
        {"page": "9" * 40},
        {"page": "2"},
    ],
    ids=str,
)
def test_any_search_and_any_page_number_give_a_page(
    browser: FlaskClient, query: dict[str, str]
) -> None:
    page = browser.get(STAFF, query_string=query)

    assert page.status_code == 200
    well_formed(page)


def test_a_long_list_has_pages(database: Session, browser: FlaskClient) -> None:
    for number in range(51):
        an_account(database, Role.RECEPTION, name=f"Ann {number:02}")
    database.commit()

    first = browser.get(STAFF, query_string={"name": "Ann"})
    second = browser.get(STAFF, query_string={"name": "Ann", "page": 2})

    assert "Ann 49" in well_formed(first)
    assert "Ann 50" not in first.text
    assert "page=2" in first.text
    assert "Ann 50" in well_formed(second)
    assert "page=3" not in second.text
