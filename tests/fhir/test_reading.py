"""What is read from a bundle. Its faults are in `test_reading_faults.py`."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from portal.fhir.facts import Identifier, Link
from portal.patients.registration.rules import Demographics
from portal.vocabulary import AdministrativeGender
from tests.fhir.samples import bundle, read, resource, urn_uuid

RECORDS = "https://records.example.org/made-up"


def test_a_patient_is_read_with_all_that_the_portal_keeps() -> None:
    (patient,) = read(bundle("record")).patients.values()

    assert patient.identifiers == (
        Identifier("urn:oid:2.999.1", "MR-1"),
        Identifier(RECORDS, "p-1"),
    )
    assert patient.deceased_on is None
    assert patient.demographics == Demographics(
        given="Inês Maria",
        family="Ångström-O'Hara",
        birth_date=date(1984, 3, 27),
        gender=AdministrativeGender.FEMALE,
        phone="07700 900301",
        email="ines@example.org",
        address="4 Mill Lane, Ashcombe, AS1 2BD, GB",
        language="pt",
        emergency_name="Sean O'Hara",
        emergency_relationship="Emergency Contact",
        emergency_phone="07700 900302",
    )


def test_whether_an_interpreter_is_needed_is_read_from_its_extension() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
    for needed in (True, False):
        extensions = [{"url": "http://example.org/other"}, {"url": url, "valueBoolean": needed}]
        assert the_person(extension=extensions).interpreter_needed is needed


def the_person(**elements: Any) -> Demographics:
    parsed = bundle("record")
    resource(parsed, "Patient").update(elements)
    (patient,) = read(parsed).patients.values()
    return patient.demographics


@pytest.mark.parametrize("name", [{"family": "Madonna"}, {"given": ["Madonna"]}])
def test_the_one_name_of_a_person_is_kept_as_the_family_name(name: dict[str, Any]) -> None:
    person = the_person(name=[name])

    assert (person.family, person.given) == ("Madonna", "")


@pytest.mark.parametrize(
    ("code", "kept"), [("pt-br", "pt-BR"), ("en_US", "en-US"), ("zh-hant-tw", "zh-Hant-TW")]
)
def test_language_tags_get_their_usual_case(code: str, kept: str) -> None:
    assert the_person(communication=[{"language": {"coding": [{"code": code}]}}]).language == kept


def test_contact_details_are_cleaned_as_those_that_are_typed() -> None:
    telecom = [
        {"system": "phone", "value": "０７７００ ９００３０１"},
        {"system": "email", "value": "Ines@EXAMPLE.org"},
    ]
    person = the_person(telecom=telecom)

    assert (person.phone, person.email) == ("07700 900301", "Ines@example.org")


def test_a_finished_encounter_is_read_with_links_to_the_same_bundle() -> None:
    first, second = read(bundle("record")).encounters

    assert first.identifier == Identifier("urn:ietf:rfc:3986", urn_uuid("04"))
    assert first.patient == Link(key=urn_uuid("01"))
    assert (first.practitioners, first.places) == (
        (Link(key=urn_uuid("03")),),
        (Link(key=urn_uuid("02")),),
    )
    assert (first.class_code, first.type_text) == ("AMB", "Check-up")
    assert first.reason_text == "Acute bronchitis (disorder)"
    assert first.started_at == datetime(2019, 5, 2, 8, 0, tzinfo=UTC)
    assert second.ended_at == datetime(2020, 1, 13, 22, 45, 0, 250_000, tzinfo=UTC)


def test_conditional_references_lead_to_identifiers_and_the_location_comes_first() -> None:
    facts = read(bundle("visitor"))
    (encounter,) = facts.encounters

    assert encounter.identifier == Identifier(RECORDS, "e-24")
    assert encounter.practitioners == (
        Link(identifier=Identifier("urn:oid:2.999.2", "20"), display="Dr. Temi3 Oyelaran88"),
    )
    assert [link.identifier for link in encounter.places] == [
        Identifier(RECORDS, "l-3"),
        Identifier(RECORDS, "o-2"),
    ]
    (patient,) = facts.patients.values()
    assert (patient.demographics.given, patient.deceased_on) == ("Văn 😀", date(2018, 2, 3))


def test_the_primary_performer_comes_before_others_who_took_part() -> None:
    parsed = bundle("visitor")
    helper = {"individual": {"reference": "Practitioner?identifier=urn:oid:2.999.2|30"}}
    resource(parsed, "Encounter")["participant"].insert(0, helper)

    values = [
        link.identifier.value
        for link in read(parsed).encounters[0].practitioners
        if link.identifier
    ]

    assert values == ["20", "30"]


def test_what_is_not_read_is_counted() -> None:
    facts = read(bundle("record"))

    assert facts.left_out == {"Encounter that is not finished": 1, "Observation": 1}


def test_a_day_without_a_time_begins_in_the_hospitals_zone() -> None:
    parsed = bundle("record")
    resource(parsed, "Encounter")["period"] = {"start": "2019-05-02"}

    assert read(parsed).encounters[0].started_at == datetime(2019, 5, 1, 23, 0, tzinfo=UTC)


def test_long_texts_for_readers_are_shortened() -> None:
    parsed = bundle("record")
    resource(parsed, "Encounter")["type"][0]["text"] = "check " * 100

    assert read(parsed).encounters[0].type_text == ("check " * 100)[:254].rstrip() + "…"


def test_a_patient_without_identifier_is_known_by_the_full_url() -> None:
    parsed = bundle("record")
    del resource(parsed, "Patient")["identifier"]

    (patient,) = read(parsed).patients.values()

    assert patient.identifiers == (Identifier("urn:ietf:rfc:3986", urn_uuid("01")),)
