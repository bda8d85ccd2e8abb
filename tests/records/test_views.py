"""The pages of the record, as those who use them see them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import Condition, Observation
from portal.records.conditions import codes
from tests.appointments.pages import press
from tests.builders import (
    a_document,
    a_medicine,
    a_note,
    a_problem,
    an_allergy,
    audited,
    vital_signs,
)
from tests.builders.ward import Ward
from tests.records.pages import SCRIPT, Browse, record_of
from tests.records.test_conditions import ICD


def test_allergies_are_shown_on_every_page_and_only_to_clinicians(
    open_ward: Ward, sign_in: Browse, doctor: FlaskClient, database: Session
) -> None:
    an_allergy(database, open_ward.patient, "Codeine")
    an_allergy(database, open_ward.patient, "Penicillin")
    document = a_document(database, open_ward.patient)
    database.commit()
    for path in ("/record", "/record/vitals/new", "/record/medicines/new"):
        page = doctor.get(f"/patients/{open_ward.patient.ref}{path}")
        assert "Allergies:</b> Codeine, Penicillin" in page.text, path
    reception = sign_in(open_ward.reception)
    assert "Penicillin" not in reception.get(f"/patients/{open_ward.patient.ref}").text
    refused = reception.get(record_of(open_ward))
    assert refused.status_code == 403
    assert open_ward.patient.family not in refused.text
    assert document.ref


def test_the_summary_of_the_record_leaves_one_audit_entry(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    a_problem(database, open_ward.patient, "Asthma", onset="2019-05")
    a_medicine(database, open_ward.patient, "Salbutamol 100 micrograms")
    vital_signs(database, open_ward.patient, {"29463-7": "72.50"})
    database.commit()
    page = doctor.get(record_of(open_ward)).text
    for said in ("Asthma", "since May 2019", "Salbutamol", "72.50 kg", "Nothing is recorded yet"):
        assert said in page
    database.rollback()
    entries = audited(database, "see record")
    assert [(one.patient_ref, one.detail) for one in entries] == [
        (open_ward.patient.ref, {"opened": "record"})
    ]


def test_a_patient_reads_the_record_and_writes_nothing(
    open_ward: Ward, sign_in: Browse, database: Session
) -> None:
    an_allergy(database, open_ward.patient, "Penicillin")
    a_note(database, open_ward.visit, open_ward.doctor, body=SCRIPT)
    database.commit()
    patient = sign_in(open_ward.own)
    page = patient.get(record_of(open_ward)).text
    assert "Penicillin" in page
    assert "Add an allergy" not in page
    assert patient.get(f"/patients/{open_ward.stranger.ref}/record").status_code == 404


def test_what_was_typed_stays_beside_its_fault(open_ward: Ward, nurse: FlaskClient) -> None:
    page = nurse.get(record_of(open_ward, "/allergies/new"))
    refused = press(nurse, page, "Save", substance="Latex", onset="0202", note="Told by her son")
    assert refused.status_code == 400
    assert 'id="onset-error"' in refused.text
    assert "Told by her son" in refused.text
    saved = press(
        nurse,
        refused,
        "Save",
        substance="Latex",
        category="environment",
        onset="2019",
        severity="",
        verification_status="confirmed",
        note="Told by her son",
    )
    assert "Told by her son" in nurse.get(saved.location).text


def test_the_second_nurse_sees_what_changed_and_keeps_what_she_typed(
    open_ward: Ward, nurse: FlaskClient, doctor: FlaskClient, database: Session
) -> None:
    saved = vital_signs(database, open_ward.patient, {"8867-4": "80", "29463-7": "72.50"})
    database.commit()
    edit = record_of(open_ward, f"/vitals/{saved.ref}/change")
    hers, his = nurse.get(edit), doctor.get(edit)
    assert 'value="72.50"' in hers.text
    assert press(doctor, his, "Save", pulse="88").status_code == 303
    told = press(nurse, hers, "Save", pulse="84", weight="72.6")

    assert told.status_code == 409
    assert f"{open_ward.doctor.name} changed this" in told.text
    assert "Saved meanwhile under “Pulse”: 88" in told.text
    assert 'value="84"' in told.text
    assert 'value="72.6"' in told.text
    assert press(nurse, told, "Save").status_code == 303
    assert "84 beats a minute" in nurse.get(record_of(open_ward, "/vitals")).text


def test_a_new_form_of_vital_signs_is_empty_with_last_times_beside_it(
    open_ward: Ward, nurse: FlaskClient, database: Session
) -> None:
    vital_signs(database, open_ward.patient, {"29463-7": "72.50"})
    database.commit()
    page = nurse.get(record_of(open_ward, "/vitals/new"))
    assert "Last time 72.50 kg, 3 March 2026" in page.text
    assert 'value="72.50"' not in page.text
    assert press(nurse, page, "Save").status_code == 400


@pytest.mark.parametrize("typed", ["12,5", "120/80", "1e5", "١٢٠", "x" * 5000, "\x00"])
def test_text_in_a_field_for_a_number_is_explained(
    open_ward: Ward, nurse: FlaskClient, database: Session, typed: str
) -> None:
    page = nurse.get(record_of(open_ward, "/vitals/new"))
    answer = press(nurse, page, "Save", systolic=typed, diastolic="80")
    assert answer.status_code == 400
    assert 'id="systolic-error"' in answer.text
    assert database.scalars(select(Observation)).all() == []


def test_an_unusual_value_must_be_confirmed_on_the_page(
    open_ward: Ward, nurse: FlaskClient
) -> None:
    page = nurse.get(record_of(open_ward, "/vitals/new"))
    asked = press(nurse, page, "Save", weight="300")
    assert asked.status_code == 400
    assert "Weight 300 kg is unusual at this age." in asked.text
    other = press(nurse, asked, "Save", weight="301")
    assert "Weight 301 kg is unusual" in other.text
    assert press(nurse, other, "Save", weight="301").status_code == 303


def test_a_problem_is_chosen_from_its_codes(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    codes.load(database, ICD)
    database.commit()
    details = {"clinical_status": "active", "verification_status": "confirmed", "severity": ""}
    page = doctor.get(record_of(open_ward, "/problems/new"))
    offered = press(doctor, page, "Save", name="diabetes type 2", **details)
    assert "Type 2 diabetes mellitus without complications (E11.9)" in offered.text
    assert "as you typed it, without a code" in offered.text
    assert press(doctor, offered, "Save", code="E11.9", **details).status_code == 303
    database.rollback()
    saved = database.scalars(select(Condition)).one()
    assert (saved.code, saved.name) == ("E11.9", "Type 2 diabetes mellitus without complications")
    invented = press(doctor, offered, "Save", code="X99.9", **details)
    assert invented.status_code == 409  # The same form again, with other contents.


def test_a_resolved_problem_is_offered_again(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    from portal.vocabulary import ClinicalStatus

    earlier = a_problem(
        database, open_ward.patient, "Asthma", clinical_status=ClinicalStatus.RESOLVED
    )
    database.commit()
    page = doctor.get(record_of(open_ward, "/problems/new"))
    details = {"clinical_status": "active", "verification_status": "confirmed", "severity": ""}
    asked = press(doctor, page, "Save", name="asthma", **details)
    assert "is in the record already, as resolved" in asked.text
    assert f"/problems/{earlier.ref}/change" in asked.text


def test_each_form_carries_its_own_patient(
    open_ward: Ward, doctor: FlaskClient, database: Session
) -> None:
    """Two tabs on two patients: what is saved in the first lands with the first."""
    first = doctor.get(record_of(open_ward, "/allergies/new"))
    doctor.get(f"/patients/{open_ward.stranger.ref}/record")
    press(
        doctor,
        first,
        "Save",
        substance="Latex",
        category="environment",
        severity="",
        verification_status="confirmed",
    )
    assert "Latex" in doctor.get(record_of(open_ward, "/allergies")).text
