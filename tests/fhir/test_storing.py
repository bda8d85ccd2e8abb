"""From facts to rows: once each, brought up to date, and never mixed up."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Role
from portal.errors import Forbidden
from portal.fhir.foreign import ForeignBundle, PatientNotKnown
from portal.fhir.storing import Change, Kind, Outcome, store_bundle
from portal.models import (
    AuditEvent,
    Encounter,
    Location,
    LocationIdentifier,
    Patient,
    PatientIdentifier,
    PatientSearchTerm,
    Practitioner,
)
from portal.patients.rules import is_hospital_number
from tests.fhir.samples import NOW, bundle, read, resource
from tests.fhir.test_mutations import rows
from tests.hospital import a_location, a_patient, actor_of, an_account

LATER = NOW + timedelta(days=30)


def store(session: Session, parsed: Any, now: Any = NOW) -> Outcome:
    outcome = store_bundle(session, read(parsed), by=SYSTEM, now=now)
    session.flush()
    return outcome


def count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def the_patient(session: Session) -> Patient:
    return session.scalars(select(Patient)).one()


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


def test_those_who_are_new_take_no_appointments_yet(session: Session) -> None:
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

    event = session.scalars(select(AuditEvent)).one()

    assert (event.deed, event.actor_ref) == ("import records", "system")
    assert (event.entity, event.patient_ref) == (f"Patient/{patient.ref}", patient.ref)
    assert event.detail == {"record": "added", "encounters": 2}


def test_an_import_needs_the_deed(session: Session) -> None:
    reception = actor_of(an_account(session, Role.RECEPTION))

    with pytest.raises(Forbidden):
        store_bundle(session, read(bundle("record")), by=reception, now=NOW)


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


def test_a_new_identifier_is_added_to_the_record_that_bears_another(session: Session) -> None:
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


def test_a_merged_record_takes_what_comes_for_the_one_that_it_replaced(session: Session) -> None:
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


def test_an_encounter_of_another_patient_is_refused(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    resource(parsed, "Patient")["identifier"] = [{"system": "urn:x", "value": "somebody else"}]

    with pytest.raises(ForeignBundle, match=r"entry 4 .*belongs to another patient's encounter"):
        store(session, parsed)


def test_an_encounter_without_its_patient_is_refused(session: Session) -> None:
    parsed = bundle("record")
    del parsed["entry"][0]

    with pytest.raises(PatientNotKnown, match=r"entry 3 .*neither in this bundle nor known"):
        store(session, parsed)


def test_an_encounter_finds_its_patient_by_identifier(session: Session) -> None:
    store(session, bundle("visitor"))
    parsed = bundle("visitor")
    del parsed["entry"][0]
    encounter = resource(parsed, "Encounter")
    encounter["identifier"][0]["value"] = "e-25"
    encounter["subject"] = {
        "reference": "Patient?identifier=https://records.example.org/made-up|p-2"
    }

    store(session, parsed)

    assert count(session, Encounter) == 2
    assert count(session, AuditEvent) == 2


def test_history_is_kept_without_a_practitioner_whom_nobody_knows(session: Session) -> None:
    outcome = store(session, bundle("visitor"))

    encounter = session.scalars(select(Encounter)).one()
    assert (encounter.practitioner_id, encounter.location_id) == (None, None)
    assert outcome.unresolved == 1


def test_what_was_unknown_is_completed_once_it_is_known(session: Session) -> None:
    store(session, bundle("visitor"))
    store(session, bundle("directory"))

    outcome = store(session, bundle("visitor"), LATER)

    encounter = session.scalars(select(Encounter)).one()
    assert encounter.practitioner is not None
    assert encounter.practitioner.family == "Oyelaran88"
    assert encounter.location is not None
    assert encounter.location.address == "9 HARBOUR VIEW, SALTBY, GB"
    assert (outcome.unresolved, outcome.changes[Kind.ENCOUNTER, Change.UPDATED]) == (0, 1)


def test_an_organization_and_its_location_are_one_place(session: Session) -> None:
    outcome = store(session, bundle("directory"))

    places = {
        row.name: count(
            session, select(LocationIdentifier).filter_by(location_id=row.id).subquery()
        )
        for row in session.scalars(select(Location))
    }
    assert places == {"QUARRY HILL SURGERY": 2, "QUARRY HILL SURGERY, SALTBY": 1}
    assert outcome.changes[Kind.PLACE, Change.ADDED] == 2


def test_a_clinic_of_the_same_name_elsewhere_stays_what_it_is(session: Session) -> None:
    parsed = bundle("directory")
    del resource(parsed, "Organization")["address"]
    clinic = a_location(session, name="QUARRY HILL SURGERY", address="Level 1")

    store(session, parsed)

    assert clinic.address == "Level 1"
    assert set(session.scalars(select(Location.name))) == {
        "QUARRY HILL SURGERY",
        "QUARRY HILL SURGERY (2)",
        "QUARRY HILL SURGERY, ASHCOMBE",
        "QUARRY HILL SURGERY, SALTBY",
    }


def _named(family: str, given: str) -> Callable[[Any], None]:
    def change(parsed: Any) -> None:
        resource(parsed, "Practitioner")["name"] = [{"family": family, "given": [given]}]

    return change


def test_a_practitioner_who_changed_a_name_is_the_same(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Weißmann-Grün", "Noé")(parsed)

    store(session, parsed, LATER)

    assert count(session, Practitioner) == 1


def test_the_same_practitioner_entry_under_another_name_is_refused(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Obi", "Adaeze")(parsed)

    with pytest.raises(ForeignBundle, match=r"entry 3 .*practitioner of another name"):
        store(session, parsed)


def test_another_practitioner_under_the_same_number_is_kept_apart(session: Session) -> None:
    store(session, bundle("record"))
    parsed = bundle("record")
    _named("Obi", "Adaeze")(parsed)
    parsed["entry"] = parsed["entry"][2:3]
    parsed["entry"][0]["fullUrl"] = "urn:uuid:another"

    store(session, parsed)
    store(session, parsed, LATER)

    families = session.scalars(select(Practitioner.family).order_by(Practitioner.family))
    assert list(families) == ["Obi", "Weißmann41"]


def test_a_number_that_another_practitioner_bears_leads_to_nobody(session: Session) -> None:
    directory = bundle("directory")
    _named("Obi", "Adaeze")(directory)
    store(session, directory)

    outcome = store(session, bundle("visitor"))

    assert session.scalars(select(Encounter.practitioner_id)).one() is None
    assert outcome.unresolved == 1
