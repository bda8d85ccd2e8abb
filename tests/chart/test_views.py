"""A patient's pages, as each of their users sees them."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.chart.queries import VISITS_ON_A_PAGE
from portal.models import Encounter, Patient
from portal.vocabulary import EncounterStatus, Relationship
from tests.builders import NOW, audited, relate
from tests.patients.conftest import Family


def test_reception_sees_demographics_and_no_history(family: Family, reception: FlaskClient) -> None:
    page = reception.get(f"/patients/{family.amina.ref}").text

    assert "12 Mill Lane" in page
    assert "Heart clinic" in page
    assert "Change details" in page
    assert "Hypertension" not in page
    assert reception.get(f"/patients/{family.amina.ref}/history").status_code == 403


def test_a_doctor_sees_the_history_of_their_patient_alone(
    family: Family, doctor: FlaskClient, database: Session
) -> None:
    page = doctor.get(f"/patients/{family.amina.ref}").text

    assert "Hypertension" in page
    assert "Change details" not in page
    deeds = [(one.deed, one.patient_ref) for one in audited(database)]
    assert ("see past encounters", family.amina.ref) in deeds
    assert ("see patient", family.amina.ref) in deeds
    assert doctor.get(f"/patients/{family.tomas.ref}").status_code == 404
    assert "Hypertension" in doctor.get(f"/patients/{family.amina.ref}/history").text


def test_a_patient_has_a_home(family: Family, mother: FlaskClient) -> None:
    page = mother.get(f"/patients/{family.amina.ref}").text

    assert "Your appointments" in page
    assert "Heart clinic" in page
    assert "Book an appointment" in page
    assert "Hand out a code" not in page
    assert "You are acting for" not in page
    assert "Hypertension" in mother.get(f"/patients/{family.amina.ref}/history").text


@pytest.mark.parametrize("page", ["", "/contact", "/history", "/proxies", "/appointments"])
def test_a_mother_sees_on_every_page_which_patient_she_acts_for(
    family: Family, mother: FlaskClient, page: str
) -> None:
    text = mother.get(f"/patients/{family.tomas.ref}{page}").text

    assert "You are acting for" in text
    assert "Tomás Okafor" in text
    assert "Change person" in text


def test_home_asks_which_patient_it_is_about_today(family: Family, mother: FlaskClient) -> None:
    page = mother.get("/people")

    assert "Who is it for today?" in page.text
    assert "You are their parent" in page.text
    assert f'href="/patients/{family.tomas.ref}"' in page.text
    assert mother.get("/").location == "/people"


def test_somebody_with_one_record_gets_to_it_at_once(
    family: Family, database: Session, mother: FlaskClient
) -> None:
    database.execute(
        update(Patient).where(Patient.id == family.tomas.id).values(merged_into_id=family.amina.id)
    )
    database.commit()

    assert mother.get("/people").location == f"/patients/{family.amina.ref}"


def test_somebody_without_a_record_is_told_how_to_link_one(
    family: Family, stranger: FlaskClient
) -> None:
    page = stranger.get("/people")

    assert page.status_code == 200
    assert 'href="/claim-record"' in page.text
    for path in ("", "/contact", "/history", "/proxies"):
        assert stranger.get(f"/patients/{family.amina.ref}{path}").status_code == 404


def test_staff_who_act_for_somebody_see_what_a_carer_sees(
    family: Family, reception: FlaskClient, database: Session
) -> None:
    """It does not show what reception sees about other people."""
    relate(database, family.reception, family.tomas, Relationship.CARER)
    database.commit()

    page = reception.get(f"/patients/{family.tomas.ref}").text
    assert "Patient record" not in page
    assert "Merge with another record" not in page
    assert "Patient record" in reception.get(f"/patients/{family.amina.ref}").text


def visits(page: str) -> list[int]:
    """The numbers of the visits on a page, in order."""
    return [int(part.split("<")[0]) for part in page.split("Reason ")[1:]]


def test_every_past_visit_is_reached_page_by_page(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    """Several begin at the same time. None is left out or repeated."""
    number = 2 * VISITS_ON_A_PAGE + 3
    database.execute(delete(Encounter))
    database.add_all(
        Encounter(
            patient_id=family.amina.id,
            status=EncounterStatus.FINISHED,
            class_code="AMB",
            reason_text=f"Reason {one}",
            started_at=NOW - timedelta(days=one // 7),
        )
        for one in range(number)
    )
    database.commit()
    seen: list[int] = []
    address = f"/patients/{family.amina.ref}/history"
    here = address
    for size in (VISITS_ON_A_PAGE, VISITS_ON_A_PAGE, 3):
        page = mother.get(here).text
        assert len(visits(page)) == size
        assert ("Latest visits" in page) == (here != address)
        seen += visits(page)
        here = page.partition(f'href="{address}?before=')[2].partition('"')[0]
        here = f"{address}?before={here}" if here else ""

    assert here == ""
    assert sorted(seen) == list(range(number))
    assert [one // 7 for one in seen] == sorted(one // 7 for one in range(number))


def test_a_page_of_visits_begins_only_at_a_visit_of_the_same_patient(
    family: Family, mother: FlaskClient, database: Session
) -> None:
    ref = database.scalars(select(Encounter.ref)).one()
    older = f"/history?before={ref}"

    assert "no older visits" in mother.get(f"/patients/{family.amina.ref}{older}").text
    assert mother.get(f"/patients/{family.tomas.ref}{older}").status_code == 404
    assert mother.get(f"/patients/{family.amina.ref}/history?before=ü").status_code == 200
