"""Each fault in a bundle is reported, with its entry."""

from collections.abc import Callable
from typing import Any

import pytest

from portal.fhir.foreign import ForeignBundle
from tests.fhir.samples import bundle, read, resource, urn_uuid


@pytest.mark.parametrize(
    ("parsed", "reason"),
    [
        ([], "it is JSON, but not a FHIR resource"),
        ({}, "it is not FHIR"),
        ({"resourceType": "Patient"}, "it is a single resource, not a Bundle"),
        ({"resourceType": "Bundle", "type": "searchset"}, "Bundle.type is not transaction;"),
        ({"resourceType": "Bundle", "type": "batch"}, "Bundle.type is not transaction;"),
        ({"resourceType": "Bundle", "type": "collection"}, "Bundle.type is not transaction;"),
        ({"resourceType": "Bundle", "type": "transaction"}, "it has no entries"),
        (
            {"resourceType": "Bundle", "type": "transaction", "entry": {}},
            "Bundle.entry is an object, where a list belongs",
        ),
    ],
)
def test_anything_but_a_transaction_bundle_is_refused(parsed: object, reason: str) -> None:
    with pytest.raises(ForeignBundle) as refusal:
        read(parsed)

    assert str(refusal.value).startswith(reason)


PATIENT = f"entry 1 (Patient/{urn_uuid('01')[9:]})"


ENCOUNTER = f"entry 4 (Encounter/{urn_uuid('04')[9:]})"


def _set(kind: str, **elements: Any) -> Callable[[Any], None]:
    """Sets elements of the first resource of this kind; None takes one away."""

    def change(parsed: Any) -> None:
        found = resource(parsed, kind)
        for name, value in elements.items():
            found[name] = value
            if value is None:
                del found[name]

    return change


def _entry(number: int, **elements: Any) -> Callable[[Any], None]:
    def change(parsed: Any) -> None:
        parsed["entry"][number - 1].update(elements)

    return change


FAULTS: list[tuple[Callable[[Any], None], str]] = [
    (_entry(7, resource=None), "entry 7: it holds no resource"),
    (_entry(7, request={"method": "DELETE"}), "entry 7 (Observation/"),
    (_entry(7, fullUrl=urn_uuid("01")), f"it has the same fullUrl as {PATIENT}"),
    (_set("Observation", resourceType="ProcedureRequest"), "entry 7: its resourceType is not one"),
    (_set("Patient", birthDate=None), f"{PATIENT}: Patient.birthDate is missing"),
    (_set("Patient", birthDate="1984"), "Patient.birthDate gives only a year or a month"),
    (_set("Patient", birthDate="1984-03"), "Patient.birthDate gives only a year or a month"),
    (_set("Patient", birthDate="27/03/1984"), "Patient.birthDate is not a FHIR date"),
    (_set("Patient", birthDate="2023-02-29"), "Patient.birthDate is a date or time that does not"),
    (_set("Patient", birthDate="2031-01-01"), "Patient.birthDate lies in the future"),
    (_set("Patient", birthDate="0001-01-01"), "Patient.birthDate lies before the year 1850"),
    (_set("Patient", birthDate=1984), "Patient.birthDate is a number, where text belongs"),
    (_set("Patient", name=None), "Patient.name is missing"),
    (_set("Patient", name=[{"use": "old", "family": "A", "given": ["B"]}]), "name is missing"),
    (_set("Patient", name=[{"text": "Ines"}]), "Patient.name[0].family is missing"),
    (
        _set("Patient", name=[{"family": "x" * 101, "given": ["y"]}]),
        "Patient.name[0].family is 101 characters long; the portal keeps 100 at most",
    ),
    (
        _set("Patient", name=[{"family": "x", "given": ["y" * 60, "z" * 60]}]),
        "Patient.name[0].given is 121 characters long; the portal keeps 100 at most",
    ),
    (
        _set("Patient", name=[{"family": "x\ud800", "given": ["y"]}]),
        "Patient.name[0].family holds control characters or broken Unicode",
    ),
    (_set("Patient", gender="F"), "Patient.gender is not one of female, male, other, unknown"),
    (_set("Patient", deceasedBoolean=True), "Patient.deceasedBoolean says that the patient has"),
    (_set("Patient", deceasedDateTime="1980-01-01"), "deceasedDateTime lies before the birth"),
    (_set("Patient", deceasedDateTime="2019"), "deceasedDateTime gives only a year or a month"),
    (
        _set("Patient", telecom=[{"system": "phone", "value": "0" * 33}]),
        "Patient.telecom[0].value does not fit. Enter a phone number",
    ),
    (
        _set("Patient", telecom=[{"system": "phone", "value": "call the ward"}]),
        "Patient.telecom[0].value does not fit. Enter a phone number, such as",
    ),
    (
        _set("Patient", telecom=[{"system": "email", "value": "inês@example.org"}]),
        "Patient.telecom[0].value does not fit. Enter an email address without accented letters",
    ),
    (
        _set("Patient", identifier=[{"system": "urn:x", "value": "é"}]),
        "an identifier holds letters other than ASCII",
    ),
    (
        _set("Patient", identifier=[{"system": "urn:x", "value": "9" * 129}]),
        "an identifier is 129 characters long",
    ),
    (
        _set("Patient", communication=[{"language": {"coding": [{"code": "en; drop"}]}}]),
        "Patient.communication[0].language.coding[0].code does not fit. Enter a language code",
    ),
    (_set("Patient", name=[{"family": ["A"], "given": ["B"]}]), "it looks like FHIR DSTU2"),
    (
        _set("Patient", maritalStatus={"coding": [{"system": "http://hl7.org/fhir/v3/X"}]}),
        "it looks like FHIR STU3 or older",
    ),
    (_set("Organization", name=None), "entry 2 (Organization/"),
    (_set("Practitioner", name=[{"given": ["Noé"]}]), "Practitioner.name[0].family is missing"),
    (_set("Encounter", status=None), f"{ENCOUNTER}: Encounter.status is missing or not a status"),
    (_set("Encounter", status="completed"), "Encounter.status is missing or not a status"),
    (_set("Encounter", **{"class": "ambulatory"}), "it looks like FHIR DSTU2 (class is text)"),
    (_set("Encounter", **{"class": [{}]}), "it looks like FHIR R5 (class is a list)"),
    (_set("Encounter", **{"class": {}}), "Encounter.class has no code"),
    (_set("Encounter", actualPeriod={}), "it looks like FHIR R5 (actualPeriod is not an element"),
    (_set("Encounter", reason=[]), "it looks like FHIR STU3 (reason is not an element"),
    (_set("Encounter", period=None), "Encounter.period has no start"),
    (_set("Encounter", period={"start": "2019"}), "Encounter.period.start gives only a year"),
    (
        _set("Encounter", period={"start": "2019-05-02T09:00:00Z", "end": "2019-05-01T09:00:00Z"}),
        "Encounter.period.end lies before its start",
    ),
    (
        _set("Encounter", period={"start": "2030-05-02T09:00:00Z"}),
        "Encounter.period.end lies in the future, though the encounter is finished",
    ),
    (
        _set("Encounter", period={"start": "2019-05-02T09:00:00"}),
        "Encounter.period.start is not a FHIR date",
    ),
    (_set("Encounter", subject=None), "Encounter.subject is missing or leads nowhere"),
    (
        _set("Encounter", subject={"reference": "Patient?family=Smith"}),
        "Encounter.subject.reference is a search other than identifier=system|value",
    ),
]


@pytest.mark.parametrize(("change", "told"), FAULTS, ids=[told for _, told in FAULTS])
def test_each_fault_is_reported_with_its_entry(change: Callable[[Any], None], told: str) -> None:
    parsed = bundle("record")
    change(parsed)

    with pytest.raises(ForeignBundle) as refusal:
        read(parsed)

    assert told in str(refusal.value)
    assert str(refusal.value).startswith("entry ")


def test_the_same_patient_twice_is_refused() -> None:
    parsed = bundle("record")
    again = bundle("record")["entry"][0] | {"fullUrl": urn_uuid("99")}
    parsed["entry"].append(again)

    with pytest.raises(ForeignBundle, match=r"entry 8 .*: it has an identifier that entry 1 "):
        read(parsed)


def test_nesting_without_end_is_refused() -> None:
    parsed = bundle("record")
    deep: Any = {}
    resource(parsed, "Patient")["extension"] = [deep]
    for _ in range(5000):
        deep["extension"] = [{}]
        deep = deep["extension"][0]

    with pytest.raises(ForeignBundle, match="it is nested too deeply"):
        read(parsed)


def test_a_reason_contains_no_value_about_the_patient() -> None:
    parsed = bundle("record")
    resource(parsed, "Patient")["gender"] = "Ångström"

    with pytest.raises(ForeignBundle) as refusal:
        read(parsed)

    assert "Ångström" not in str(refusal.value)
