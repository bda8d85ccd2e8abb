"""Encounters find their patient, practitioner and place."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.fhir.foreign import ForeignBundle, PatientNotKnown
from portal.fhir.storing import Change, Kind
from portal.models import AuditEvent, Encounter
from tests.fhir.samples import bundle, resource
from tests.fhir.stores import LATER, count, store


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
