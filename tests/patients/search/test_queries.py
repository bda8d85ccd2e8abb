"""One search box finds patients by anything known about them, and only those that the actor may see."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.access import Actor, Deed, Role
from portal.errors import Forbidden
from portal.patients.registration.rules import hospital_number
from portal.patients.search.queries import MOST, Found, find_patients
from portal.settings.hospital import Hospital
from portal.vocabulary import AppointmentStatus
from tests.builders import (
    NOW,
    a_clinician,
    a_location,
    a_slot,
    actor_of,
    an_account,
    an_appointment,
    audited,
    context_for,
    findable,
)

HOSPITAL = Hospital()


@pytest.fixture
def reception(session: Session) -> Actor:
    return actor_of(an_account(session, Role.RECEPTION))


def search(session: Session, by: Actor, text: str) -> Found:
    return find_patients(context_for(session, by), text=text)


def names(found: Found) -> list[str]:
    return [f"{hit.given} {hit.family}" for hit in found.hits]


@pytest.fixture
def maria(session: Session) -> str:
    """María García-López, among people who share one detail with her."""
    findable(
        session, given="María", family="Smith", birth_date=date(1960, 1, 2), phone="0161 496 0001"
    )
    findable(session, given="John", family="García", birth_date=date(1961, 1, 2), phone=None)
    findable(session, given="Łucja", family="O’Keefe", birth_date=date(1977, 5, 6), phone=None)
    patient = findable(
        session,
        given="María José",
        family="García-López",
        birth_date=date(1977, 5, 6),
        phone="+44 7700 900456",
        hospital_number=hospital_number(777_666_555),
    )
    assert patient.hospital_number.startswith("777666555")
    return "María José García-López"


@pytest.mark.parametrize(
    "text",
    [
        "maria garcia",
        "García, María",
        "LOPEZ JOSE",
        "garcia-lopez",
        "garcialopez maria",
        "mar gar jos",
        "maria jose garcia lopez",
        "gar lop",
        "maria 6/5/1977",
        "6 May 77 garcia",
        "1977 maria",
        "07700 900456",
        "+44 (0)7700 900456 maria",
        "0456 garcia",
        "777666555" + hospital_number(777_666_555)[-1],
        "777 666 555" + hospital_number(777_666_555)[-1],
        "777666 lopez",
    ],
)
def test_she_is_found_by_each_detail(
    session: Session, reception: Actor, maria: str, text: str
) -> None:
    assert names(search(session, reception, text)) == [maria]


@pytest.mark.parametrize("text", ["okeefe", "O'Keefe", "o’k", "lucja", "Łuc"])
def test_accents_and_apostrophes_do_not_matter(
    session: Session, reception: Actor, maria: str, text: str
) -> None:
    assert names(search(session, reception, text)) == ["Łucja O’Keefe"]


@pytest.mark.parametrize(
    "text", ["maria 7/5/1977", "maria zz", "07700 900457", "ria", "31/2/1977", "maria 5 garcia"]
)
def test_all_words_that_are_typed_must_match(
    session: Session, reception: Actor, maria: str, text: str
) -> None:
    assert search(session, reception, text).hits == ()


def test_hits_are_in_the_order_of_names(session: Session, reception: Actor, maria: str) -> None:
    assert names(search(session, reception, "1977")) == [maria, "Łucja O’Keefe"]


def test_two_whole_words_come_before_two_beginnings(session: Session, reception: Actor) -> None:
    findable(session, given="Ann", family="Smith")
    findable(session, given="Anna", family="Smithson")

    assert names(search(session, reception, "smith ann")) == ["Ann Smith"]
    assert names(search(session, reception, "smit ann")) == ["Ann Smith"]
    assert names(search(session, reception, "an smit")) == ["Ann Smith", "Anna Smithson"]


def test_no_more_than_fit_on_a_page(session: Session, reception: Actor) -> None:
    for day in range(1, MOST + 1):
        findable(session, given="Maria", birth_date=date(1984, 3, day))
    assert len(search(session, reception, "maria").hits) == MOST
    assert not search(session, reception, "maria").more

    findable(session, given="Mariam", birth_date=date(1984, 4, 1))
    found = search(session, reception, "mari")

    assert len(found.hits) == MOST
    assert found.more
    assert names(search(session, reception, "mari 1.4.84")) == ["Mariam Okafor"]


def test_a_mistyped_hospital_number_is_pointed_out(session: Session, reception: Actor) -> None:
    patient = findable(session)
    number = patient.hospital_number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert search(session, reception, wrong).mistyped_number
    assert not search(session, reception, number).mistyped_number


def test_an_empty_search_finds_nobody(session: Session, reception: Actor) -> None:
    findable(session)

    assert search(session, reception, "?!") == Found()


def test_the_audit_keeps_the_number_of_hits_and_never_the_text(
    session: Session, reception: Actor, maria: str
) -> None:
    search(session, reception, "maria")

    (event,) = audited(session)
    assert (event.deed, event.detail, event.actor_ref) == (
        "search patients",
        {"hits": 2},
        reception.ref,
    )


def test_a_clinician_finds_only_their_patients(session: Session) -> None:
    here, elsewhere = a_location(session), a_location(session)
    account, doctor = a_clinician(session, Role.DOCTOR, [here])
    _, colleague = a_clinician(session, Role.DOCTOR, [here])
    _, stranger = a_clinician(session, Role.DOCTOR, [elsewhere])
    long_ago = NOW - timedelta(days=HOSPITAL.care_team_days_before + 1)
    for given, practitioner, place, facts in (
        ("Mine", doctor, elsewhere, {}),
        ("Colleagues", colleague, here, {}),
        ("Strangers", stranger, elsewhere, {}),
        ("Cancelled", doctor, here, {"status": AppointmentStatus.CANCELLED}),
    ):
        slot = a_slot(session, practitioner, place)
        an_appointment(session, findable(session, given=given), slot, **facts)
    old = a_slot(session, doctor, here, starts_at=long_ago)
    an_appointment(session, findable(session, given="Former"), old)
    findable(session, given="Unmet")

    found = search(session, actor_of(account), "okafor")

    assert names(found) == ["Colleagues Okafor", "Mine Okafor"]
    assert names(search(session, actor_of(account), "okafor mine 1984")) == ["Mine Okafor"]


def test_a_patient_may_not_search(session: Session) -> None:
    with pytest.raises(Forbidden):
        search(session, actor_of(an_account(session, Role.PATIENT)), "okafor")


def test_a_doctor_who_is_also_reception_finds_everybody(session: Session) -> None:
    findable(session)
    account, _ = a_clinician(session, Role.DOCTOR)
    account.role_values = "doctor reception"

    assert len(search(session, actor_of(account), "amina").hits) == 1
    assert Deed.SEARCH_PATIENTS.value == audited(session)[-1].deed
