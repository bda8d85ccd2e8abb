"""Storing facts as rows: each once, updated, and never mixed up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.errors import Forbidden
from portal.fhir.foreign import ForeignBundle
from portal.fhir.storing import Change, Kind, store_bundle
from portal.models import (
    Encounter,
    Location,
    Patient,
    PatientIdentifier,
    PatientSearchTerm,
    Practitioner,
)
from portal.patients.registration.rules import is_hospital_number
from tests.builders import a_patient, actor_of, an_account, audited, context_for
from tests.fhir.samples import NOW, bundle, read, resource
from tests.fhir.stores import LATER, count, store, the_patient
from tests.fhir.test_mutations import rows


def test_a_record_is_kept_with_its_history(session: Session) -> None:
    outcome = store(session, bundle("record"))
    patient = the_patient(session)
    first, second = session.scalars(select(Encounter).order_by(Encounter.started_at))

    assert outcome.changes == {
        (Kind.PATIENT, Change.ADDED): 1,
        (Kind.PRACTITIONER, Change.ADDED): 1,
        (Kind.PLACE, Change.ADDED): 1,
        (Kind.ENCOUNTER, Change.ADDED): 2,
    }
    assert (patient.family, patient.birth_date) == ("Ångström-O'Hara", date(1984, 3, 27))
    assert is_hospital_number(patient.hospital_number)
    assert (patient.created_at, patient.imported_at, patient.version) == (NOW, NOW, 1)
    assert first.patient_id == second.patient_id == patient.id
    assert first.practitioner is not None
    assert first.practitioner.name == "Dr. Noé Weißmann41"
    assert first.location is not None
    assert first.location.name == "ASHCOMBE GENERAL"


def test_an_imported_patient_is_found_by_name(session: Session) -> None:
    store(session, bundle("record"))

    terms = set(session.scalars(select(PatientSearchTerm.term)))

    assert {"angstrom", "ines", "maria"} <= terms


def test_new_practitioners_and_places_take_no_appointments_yet(session: Session) -> None:
    store(session, bundle("record"))

    assert not session.scalars(select(Practitioner.active)).one()
    assert not session.scalars(select(Location.active)).one()


@pytest.mark.parametrize("name", ["record", "directory", "visitor"])
def test_a_second_import_changes_no_row(session: Session, name: str) -> None:
    store(session, bundle(name))
    before = rows(session)

    outcome = store(session, bundle(name), LATER)

    assert rows(session) == before
    assert {change for _, change in outcome.changes} == {Change.UNCHANGED}


def test_each_patient_changed_is_audited_once(session: Session) -> None:
    store(session, bundle("record"))
    patient = the_patient(session)

    (event,) = audited(session)

    assert (event.deed, event.actor_ref) == ("import records", "system")
    assert (event.entity, event.patient_ref) == (f"Patient/{patient.ref}", patient.ref)
    assert event.detail == {"record": "added", "encounters": 2}


def test_an_import_needs_the_deed(session: Session) -> None:
    reception = actor_of(an_account(session, Role.RECEPTION))

    with pytest.raises(Forbidden):
        store_bundle(replace(context_for(session), by=reception), read(bundle("record")))


def test_changed_demographics_follow_a_later_import(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    patient = resource(parsed, "Patient")
    patient["name"][1]["family"] = "Lindqvist"
    patient["telecom"] = [{"system": "phone", "value": "07700 900399"}]

    outcome = store(session, parsed, LATER)
    row = the_patient(session)

    assert outcome.changes[Kind.PATIENT, Change.UPDATED] == 1
    assert (row.family, row.phone, row.email) == ("Lindqvist", "07700 900399", None)
    assert (row.version, row.imported_at, row.updated_at) == (2, LATER, LATER)
    assert "lindqvist" in set(session.scalars(select(PatientSearchTerm.term)))
    assert "angstrom" not in set(session.scalars(select(PatientSearchTerm.term)))


def test_what_reception_changed_is_not_overwritten(session: Session) -> None:
    store(session, bundle("record"))
    row = the_patient(session)
    row.phone, row.version, row.updated_at = "07700 900777", 2, NOW + timedelta(days=1)
    session.flush()

    outcome = store(session, bundle("record"), LATER)

    assert outcome.changes[Kind.PATIENT, Change.KEPT] == 1
    assert the_patient(session).phone == "07700 900777"


def test_a_new_identifier_is_added_to_the_record_with_the_known_one(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    resource(parsed, "Patient")["identifier"].append({"system": "urn:x", "value": "new"})

    store(session, parsed, LATER)

    assert count(session, Patient) == 1
    assert count(session, PatientIdentifier) == 3


def test_an_identifier_of_a_different_person_is_refused(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    patient = resource(parsed, "Patient")
    patient |= {"birthDate": "1950-01-01", "name": [{"family": "Obi", "given": ["Chidi"]}]}

    with pytest.raises(ForeignBundle, match=r"entry 1 .*already belongs to a different person"):
        store(session, parsed)


def test_identifiers_of_two_people_are_refused(session: Session) -> None:
    store(session, bundle("record"))
    store(session, bundle("visitor"))
    parsed = bundle("record")
    theirs = resource(bundle("visitor"), "Patient")["identifier"]
    resource(parsed, "Patient")["identifier"] += theirs

    with pytest.raises(ForeignBundle, match=r"entry 1 .*belong to two different patients"):
        store(session, parsed)


def test_encounters_of_a_merged_record_go_to_the_record_that_was_kept(session: Session) -> None:
    store(session, bundle("record"))
    merged = the_patient(session)
    kept = a_patient(session, birth_date=merged.birth_date)
    merged.merged_into_id = kept.id
    session.flush()
    parsed = bundle("record")
    parsed["entry"][4]["fullUrl"] = "urn:uuid:another"

    store(session, parsed, LATER)

    encounter = session.scalars(
        select(Encounter).where(Encounter.identifier_value == "urn:uuid:another")
    ).one()
    assert encounter.patient_id == kept.id
    assert kept.phone == "07700 900123"
