"""Notes: a draft is not lost, a signed note does not change, and a note belongs to one visit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, Forbidden, NotFound, Refused, Unfit
from portal.models import Appointment, Encounter, Note
from portal.records.drafts import actions
from portal.records.drafts import queries as drafts
from portal.records.drafts.actions import SavedDraft, Written
from portal.records.notes import queries
from portal.records.notes.actions import amend
from portal.records.recording import CLOSED
from portal.vocabulary import AppointmentStatus, CompositionStatus, EncounterStatus
from tests.builders import NOW, a_note, actor_of, audited, context_for
from tests.builders.ward import Ward

FIRST = Written("Feels better.", version=0, window="a" * 32, number=1)


def where(ward: Ward) -> dict[str, str]:
    return {"patient_ref": ward.patient.ref, "encounter_ref": ward.visit.ref}


def save(context: Context, ward: Ward, written: Written = FIRST) -> SavedDraft | None:
    return actions.save(context, **where(ward), written=written)


def sign(context: Context, ward: Ward, written: Written = FIRST) -> str:
    return actions.sign(context, **where(ward), written=written)


def draft(context: Context, ward: Ward) -> drafts.Draft | None:
    return drafts.draft(context, ward.visit.id)


def show(context: Context, ward: Ward, ref: str) -> queries.WholeNote:
    return queries.find(context, context.find_patient(Deed.SEE_RECORD, ward.patient.ref), ref)


def arrived(ward: Ward) -> Appointment:
    appointment = ward.session.get_one(Appointment, ward.visit.appointment_id)
    appointment.status = AppointmentStatus.ARRIVED
    ward.session.flush()
    return appointment


def test_only_the_author_sees_a_draft(ward: Ward) -> None:
    save(ward.as_doctor, ward)
    found = draft(ward.as_doctor, ward)
    assert found is not None
    assert found.body == "Feels better."
    assert draft(ward.as_nurse, ward) is None
    for context in (ward.as_nurse, ward.as_patient):
        with pytest.raises(NotFound):
            show(context, ward, found.ref)
        subject = context.find_patient(Deed.SEE_RECORD, ward.patient.ref)
        assert queries.latest(context, subject, 5) == []


def test_saves_of_one_page_follow_each_other_and_a_late_one_changes_nothing(ward: Ward) -> None:
    save(ward.as_doctor, ward)
    save(ward.as_doctor, ward, replace(FIRST, body="third", number=3))
    late = save(ward.as_doctor, ward, replace(FIRST, body="second", number=2))
    found = draft(ward.as_doctor, ward)
    assert found is not None
    assert (found.body, late) == ("third", SavedDraft(found.version, NOW))


def test_another_page_that_has_not_seen_the_draft_is_told(ward: Ward) -> None:
    save(ward.as_doctor, ward)
    other = Written("From the phone", version=0, window="b" * 32, number=1)
    with pytest.raises(ChangedMeanwhile):
        save(ward.as_doctor, ward, other)
    save(ward.as_doctor, ward, replace(other, version=1))
    with pytest.raises(ChangedMeanwhile):
        save(ward.as_doctor, ward, replace(FIRST, body="more", version=1, number=9))


def test_an_empty_text_saves_nothing_and_an_emptied_draft_stays_a_draft(ward: Ward) -> None:
    assert save(ward.as_doctor, ward, replace(FIRST, body="  \n")) is None
    save(ward.as_doctor, ward)
    assert save(ward.as_doctor, ward, replace(FIRST, body="", number=2)) is not None


def test_signing_keeps_the_text_that_was_sent_and_finishes_the_visit(ward: Ward) -> None:
    appointment = arrived(ward)
    save(ward.as_doctor, ward)
    ref = sign(ward.as_doctor, ward, replace(FIRST, body="The last word.", number=2))

    note = show(ward.as_patient, ward, ref)
    assert (note.body, note.signed_at) == ("The last word.", NOW)
    ward.session.expire_all()
    visit = ward.session.get_one(Encounter, ward.visit.id)
    assert (visit.status, visit.signed_at) == (EncounterStatus.FINISHED, NOW)
    seen = ward.session.get_one(Appointment, appointment.id)
    assert (seen.status, seen.version) == (AppointmentStatus.FULFILLED, 2)
    signed = [
        entry for entry in audited(ward.session, "write note") if (entry.detail or {}).get("signed")
    ]
    assert [entry.entity for entry in signed] == [f"Note/{ref}"]


def test_a_nurses_signature_leaves_the_doctors_visit_open(ward: Ward) -> None:
    appointment = arrived(ward)
    sign(ward.as_nurse, ward, replace(FIRST, body="Blood taken."))
    ward.session.expire_all()
    assert ward.session.get_one(Appointment, appointment.id).status is AppointmentStatus.ARRIVED
    sign(ward.as_doctor, ward)


def test_a_signed_note_does_not_change_and_its_visit_accepts_no_other(ward: Ward) -> None:
    ref = sign(ward.as_doctor, ward)
    for context, written in (
        (ward.as_doctor, replace(FIRST, body="Changed", number=5, version=1)),
        (ward.as_doctor, replace(FIRST, body="Changed", number=5)),
        (ward.context(ward.colleague), FIRST),
    ):
        with pytest.raises(Refused):
            save(context, ward, written)
        with pytest.raises(Refused):
            sign(context, ward, written)
    assert show(ward.as_doctor, ward, ref).body == "Feels better."
    with pytest.raises(Refused) as fault:
        save(ward.as_nurse, ward)
    assert fault.value.message == CLOSED


def test_a_colleagues_draft_that_was_begun_before_is_not_lost(ward: Ward) -> None:
    save(ward.as_nurse, ward)
    sign(ward.as_doctor, ward)
    assert sign(ward.as_nurse, ward, replace(FIRST, number=2))


def test_an_amendment_stands_beside_the_note(ward: Ward) -> None:
    ref = sign(ward.as_doctor, ward)
    amended = amend(
        ward.as_nurse,
        patient_ref=ward.patient.ref,
        note_ref=ref,
        body="Potassium 5.9 came in.",
        reason="A result came later",
    )
    note = show(ward.as_patient, ward, ref)
    subject = ward.as_patient.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    (beside,) = queries.amendments(ward.as_patient, subject, note)
    assert note.body == "Feels better."
    assert (beside.ref, beside.amendment_reason) == (amended, "A result came later")


def test_only_a_signed_note_is_amended(ward: Ward) -> None:
    save(ward.as_doctor, ward)
    found = draft(ward.as_doctor, ward)
    assert found is not None
    with pytest.raises(Refused, match="Only a signed note"):
        amend(
            ward.as_doctor, patient_ref=ward.patient.ref, note_ref=found.ref, body="x", reason="y"
        )


def test_an_empty_note_is_not_signed(ward: Ward) -> None:
    with pytest.raises(Unfit) as fault:
        sign(ward.as_doctor, ward, replace(FIRST, body=" \n "))
    assert fault.value.field == "body"


def test_patients_and_reception_write_none(ward: Ward) -> None:
    for context in (ward.as_patient, ward.context(ward.reception)):
        with pytest.raises(Forbidden):
            save(context, ward)


def test_the_visit_of_another_patient_is_not_found(ward: Ward) -> None:
    with pytest.raises(NotFound):
        actions.save(
            ward.as_doctor,
            patient_ref=ward.stranger.ref,
            encounter_ref=ward.visit.ref,
            written=FIRST,
        )


def test_a_discarded_draft_is_on_no_list_and_stays_in_the_database(ward: Ward) -> None:
    save(ward.as_doctor, ward)
    assert [it.patient_ref for it in drafts.unsigned(ward.as_doctor)] == [ward.patient.ref]
    unseen = replace(FIRST, window="b" * 32, number=2)
    with pytest.raises(ChangedMeanwhile):
        actions.discard(ward.as_doctor, **where(ward), written=unseen)
    actions.discard(ward.as_doctor, **where(ward), written=replace(FIRST, number=2))

    assert drafts.unsigned(ward.as_doctor) == []
    kept = ward.session.scalars(select(Note)).one()
    assert (kept.body, kept.status) == ("Feels better.", CompositionStatus.ENTERED_IN_ERROR)
    save(ward.as_doctor, ward, replace(FIRST, window="c" * 32))


def test_notes_are_paged_by_key(ward: Ward) -> None:
    for _ in range(queries.PAGE + 2):
        a_note(ward.session, ward.visit, ward.doctor)
    context = ward.as_patient
    subject = context.find_patient(Deed.SEE_RECORD, ward.patient.ref)
    first, more = queries.notes_of(context, subject, None)
    rest, end = queries.notes_of(context, subject, more)
    assert len({note.ref for note in (*first, *rest)}) == queries.PAGE + 2
    assert end is None


def test_two_pages_that_begin_at_once_make_one_draft(open_ward: Ward, engine: Engine) -> None:
    start = Barrier(2)

    def attempt(window: str) -> str:
        with Session(engine) as session:
            context = context_for(session, actor_of(open_ward.doctor))
            start.wait(30)
            try:
                save(context, open_ward, replace(FIRST, window=window * 32))
            except ChangedMeanwhile:
                return "told"
            session.commit()
            return "saved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, "ab")) == ["saved", "told"]


def test_signing_twice_at_once_signs_once(open_ward: Ward, engine: Engine) -> None:
    save(open_ward.as_doctor, open_ward)
    open_ward.session.commit()
    start = Barrier(2)

    def attempt(number: int) -> str:
        with Session(engine) as session:
            context = context_for(session, actor_of(open_ward.doctor))
            start.wait(30)
            try:
                sign(context, open_ward, replace(FIRST, number=number))
            except (Refused, ChangedMeanwhile):
                return "refused"
            session.commit()
            return "signed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(attempt, (2, 3))) == ["refused", "signed"]
