"""Allergies: one active for each substance, "no known allergies", and nothing lost or overwritten."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused, Unfit
from portal.models import AllergyIntolerance, NoKnownAllergies
from portal.records.allergies import actions, queries
from portal.records.allergies.rules import AllergyDetails
from portal.records.versions.queries import versions_of
from portal.seen import Seen
from portal.vocabulary import AllergyCategory, ClinicalStatus, Severity, VerificationStatus
from tests.builders import NOW, actor_of, an_allergy, audited, context_for
from tests.builders.ward import Ward

DETAILS = AllergyDetails(
    category=AllergyCategory.MEDICATION,
    reaction="Rash",
    severity=Severity.SEVERE,
    verification_status=VerificationStatus.CONFIRMED,
    clinical_status=ClinicalStatus.ACTIVE,
    onset="2019",
    note="Told by her mother",
)


def record(context: Context, ward: Ward, substance: str = "Penicillin", **facts: Any) -> str:
    details = replace(DETAILS, **facts)
    return actions.record(
        context, patient_ref=ward.patient.ref, substance=substance, details=details
    )


def found(ward: Ward) -> queries.Allergies:
    context = ward.as_doctor
    return queries.allergies_of(context, context.find_patient(Deed.SEE_RECORD, ward.patient.ref))


def test_an_allergy_is_recorded_with_its_note_and_audited(ward: Ward) -> None:
    ref = record(ward.as_nurse, ward)

    (row,) = found(ward).all
    assert (row.substance, row.reaction, row.note) == ("Penicillin", "Rash", "Told by her mother")
    assert row.recorded_by_name == ward.nurse.name
    (entry,) = audited(ward.session, "record allergy")
    assert (entry.entity, entry.patient_ref) == (f"AllergyIntolerance/{ref}", ward.patient.ref)
    assert "Penicillin" not in str(entry.detail)


@pytest.mark.parametrize("again", ["penicillin", "PENICILLIN", "Penicillin V", "penicilin"])
def test_the_same_substance_is_refused_however_it_is_spelled(ward: Ward, again: str) -> None:
    record(ward.as_doctor, ward)
    with pytest.raises(Unfit, match="in the record already") as fault:
        record(ward.as_doctor, ward, again)
    assert fault.value.field == "substance"


def test_entered_in_error_allows_a_new_one_and_the_second_is_told(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    mark: dict[str, Any] = {"patient_ref": ward.patient.ref, "reason": "Wrong patient"}
    actions.mark_in_error(ward.as_doctor, **mark, allergy=Seen(ref, 1))
    with pytest.raises(ChangedMeanwhile):
        actions.mark_in_error(ward.as_nurse, **mark, allergy=Seen(ref, 1))
    record(ward.as_doctor, ward)

    wrong = next(row for row in found(ward).all if row.ref == ref)
    assert (wrong.error_reason, wrong.error_by_name) == ("Wrong patient", ward.doctor.name)
    assert [row.substance for row in found(ward).holding] == ["Penicillin"]
    with pytest.raises(Refused, match="entered in error"):
        actions.change(
            ward.as_doctor, patient_ref=ward.patient.ref, allergy=Seen(ref, 2), details=DETAILS
        )


def test_the_second_of_two_editors_is_told(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    edit: dict[str, Any] = {"patient_ref": ward.patient.ref, "allergy": Seen(ref, 1)}
    actions.change(ward.as_doctor, **edit, details=replace(DETAILS, reaction="Anaphylaxis"))
    with pytest.raises(ChangedMeanwhile):
        actions.change(ward.as_nurse, **edit, details=replace(DETAILS, reaction="Hives"))

    assert found(ward).all[0].reaction == "Anaphylaxis"


def test_every_version_can_be_read(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    changed = replace(DETAILS, reaction="Anaphylaxis")
    actions.change(
        ward.as_doctor, patient_ref=ward.patient.ref, allergy=Seen(ref, 1), details=changed
    )
    actions.mark_in_error(
        ward.as_nurse, patient_ref=ward.patient.ref, allergy=Seen(ref, 2), reason="Wrong patient"
    )

    subject = ward.as_doctor.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    third, second, first = versions_of(ward.as_doctor, subject, ref)
    assert (first.version, first.content["reaction"]) == (1, "Rash")
    assert (second.content["reaction"], second.content["substance"]) == (
        "Anaphylaxis",
        "Penicillin",
    )
    assert third.content["error_reason"] == "Wrong patient"


def test_no_known_allergies_is_ended_by_the_first_allergy(ward: Ward) -> None:
    actions.state_none_known(ward.as_nurse, patient=Seen(ward.patient.ref, 0))
    stated = found(ward).none_known
    assert stated is not None
    assert (stated.stated_at, stated.stated_by_name) == (NOW, ward.nurse.name)
    record(ward.as_doctor, ward)

    assert found(ward).none_known is None
    ended = ward.session.scalars(select(NoKnownAllergies)).one()
    assert (ended.ended_at, ended.ended_by_name) == (NOW, ward.doctor.name)
    with pytest.raises(Refused, match="There is an allergy"):
        actions.state_none_known(ward.as_nurse, patient=Seen(ward.patient.ref, found(ward).version))


def test_none_known_is_not_stated_of_a_list_that_was_not_seen(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    seen = Seen(ward.patient.ref, found(ward).version)
    past = replace(DETAILS, clinical_status=ClinicalStatus.RESOLVED)
    edit: dict[str, Any] = {"patient_ref": ward.patient.ref, "allergy": Seen(ref, 1)}
    actions.change(ward.as_doctor, **edit, details=past)
    with pytest.raises(ChangedMeanwhile):
        actions.state_none_known(ward.as_nurse, patient=seen)
    assert found(ward).none_known is None


def test_a_statement_beside_an_allergy_is_shown_as_a_clash(ward: Ward) -> None:
    actions.state_none_known(ward.as_nurse, patient=Seen(ward.patient.ref, 0))
    an_allergy(ward.session, ward.patient, "Latex")

    assert found(ward).clash


def test_a_resolved_allergy_is_not_made_active_beside_an_active_one(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    past = replace(DETAILS, clinical_status=ClinicalStatus.RESOLVED)
    edit: dict[str, Any] = {"patient_ref": ward.patient.ref}
    actions.change(ward.as_doctor, **edit, allergy=Seen(ref, 1), details=past)
    record(ward.as_doctor, ward)
    with pytest.raises(Unfit, match="already"):
        actions.change(ward.as_doctor, **edit, allergy=Seen(ref, 2), details=DETAILS)


@pytest.mark.parametrize("onset", ["0202", "1970", "2027"])
def test_an_absurd_year_is_refused(ward: Ward, onset: str) -> None:
    with pytest.raises(Unfit) as fault:
        record(ward.as_doctor, ward, onset=onset)
    assert fault.value.field == "onset"


def test_nobody_records_for_a_patient_who_is_not_theirs(ward: Ward) -> None:
    ref = record(ward.as_doctor, ward)
    for context in (ward.as_patient, ward.context(ward.reception)):
        with pytest.raises(Forbidden):
            record(context, ward)
    with pytest.raises(NotFound):
        actions.record(
            ward.as_doctor, patient_ref=ward.stranger.ref, substance="Latex", details=DETAILS
        )
    an_allergy(ward.session, ward.stranger, "Latex")
    other = ward.session.scalars(
        select(AllergyIntolerance.ref).where(AllergyIntolerance.patient_id == ward.stranger.id)
    ).one()
    with pytest.raises(NotFound):  # Another patient's entry under this patient's address.
        actions.change(
            ward.as_doctor, patient_ref=ward.patient.ref, allergy=Seen(other, 1), details=DETAILS
        )
    assert ref


def test_two_tabs_at_once_record_one(open_ward: Ward, engine: Engine) -> None:
    start = Barrier(2)

    def attempt(spelled: str) -> str:
        with Session(engine) as session:
            context = context_for(session, actor_of(open_ward.doctor))
            start.wait(30)
            try:
                record(context, open_ward, spelled)
            except Unfit:
                return "refused"
            session.commit()
            return "recorded"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(attempt, ("Penicillin", "penicillin v")))

    assert outcomes == ["recorded", "refused"]
    open_ward.session.rollback()
    count = select(func.count()).select_from(AllergyIntolerance)
    assert open_ward.session.scalar(count) == 1


def test_the_first_allergy_and_the_statement_at_once_leave_no_clash(
    open_ward: Ward, engine: Engine
) -> None:
    start = Barrier(2)

    def attempt(states: bool) -> None:
        with Session(engine) as session:
            context = context_for(session, actor_of(open_ward.doctor))
            start.wait(30)
            try:
                if states:
                    actions.state_none_known(context, patient=Seen(open_ward.patient.ref, 0))
                else:
                    record(context, open_ward)
            except Refused:
                return
            session.commit()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(attempt, (True, False)))

    open_ward.session.rollback()
    assert [row.substance for row in found(open_ward).holding] == ["Penicillin"]
    assert not found(open_ward).clash
