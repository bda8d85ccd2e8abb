"""Two records become one, and two again; nothing is lost, nothing is left behind."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, UniqueConstraint, func, select
from sqlalchemy.orm import Session

from portal.access import Actor, Role
from portal.errors import Conflict, Forbidden, NotFound, Refused
from portal.hospital import Hospital
from portal.models import (
    Account,
    AccountCode,
    Appointment,
    Base,
    Encounter,
    EncounterStatus,
    Patient,
    PatientIdentifier,
    PatientMerge,
    PatientSearchTerm,
    RelatedPerson,
    Relationship,
    new_ref,
)
from portal.patients import merging
from portal.patients.belongings import STAYING, moving_tables
from portal.patients.search import find_patients
from tests.hospital import (
    NOW,
    a_document,
    a_location,
    a_patient,
    a_practitioner,
    a_slot,
    actor_of,
    an_account,
    an_account_of,
    an_appointment,
    relate,
)
from tests.patients.people import audited, findable

SETTING: dict[str, Any] = {"hospital": Hospital(), "now": NOW}
LATER: dict[str, Any] = {"hospital": Hospital(), "now": NOW + timedelta(hours=1)}


@dataclass
class Two:
    """Two records of one person, each with something of every kind."""

    reception: Actor
    kept: Patient
    merged: Patient


def give_belongings(session: Session, patient: Patient) -> None:
    practitioner, location = a_practitioner(session), a_location(session)
    an_appointment(session, patient, a_slot(session, practitioner, location))
    a_document(session, patient)
    session.add_all(
        (
            Encounter(
                patient_id=patient.id,
                status=EncounterStatus.FINISHED,
                class_code="AMB",
                started_at=NOW,
            ),
            PatientIdentifier(system="urn:other", value=new_ref(), patient_id=patient.id),
            AccountCode(
                patient_id=patient.id,
                code_hash=new_ref(),
                relationship_kind=Relationship.ONESELF,
                created_at=NOW,
                expires_at=NOW,
            ),
        )
    )
    relate(session, an_account(session, Role.PATIENT), patient, Relationship.CARER)
    session.flush()


@pytest.fixture
def two(session: Session) -> Two:
    kept, merged = findable(session), findable(session, given="Aminah")
    give_belongings(session, kept)
    give_belongings(session, merged)
    return Two(actor_of(an_account(session, Role.RECEPTION)), kept, merged)


def merge(session: Session, two: Two, versions: tuple[int, int] = (1, 1), **setting: Any) -> None:
    merging.merge(
        session,
        by=two.reception,
        kept=(two.kept.ref, versions[0]),
        merged=(two.merged.ref, versions[1]),
        reason="Same passport",
        **{**SETTING, **setting},
    )


def undo(session: Session, two: Two) -> int:
    row = session.scalars(select(PatientMerge).order_by(PatientMerge.id.desc())).first()
    assert row is not None
    return merging.undo(session, by=two.reception, ref=two.kept.ref, merge_ref=row.ref, **LATER)


def belongings(session: Session, patient: Patient) -> dict[str, int]:
    return {
        table.name: session.scalar(select(func.count()).where(table.c.patient_id == patient.id))
        or 0
        for table in moving_tables()
    }


EACH_ONE = {
    "account_code": 1,
    "appointment": 1,
    "document_reference": 1,
    "encounter": 1,
    "patient_identifier": 1,
    "related_person": 1,
}


def test_everything_moves_to_the_record_that_is_kept(session: Session, two: Two) -> None:
    merge(session, two)

    assert belongings(session, two.merged) == dict.fromkeys(EACH_ONE, 0)
    assert belongings(session, two.kept) == dict.fromkeys(EACH_ONE, 2)
    assert two.merged.merged_into_id == two.kept.id


def test_whatever_belongs_to_a_patient_moves() -> None:
    """Tables to come are found by their column; those that stay are named."""
    owned = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "patient" and table.name not in {"patient", "patient_merge"}
    }

    assert {table.name for table in moving_tables()} == owned - STAYING


def test_no_other_key_can_stand_in_the_way_of_moving() -> None:
    """`end_what_cannot_hold_twice` knows the unique keys of related persons; there are no others."""
    keyed = {
        table.name
        for table in moving_tables()
        for constraint in (*table.constraints, *table.indexes)
        if "patient_id" in constraint.columns
        and (isinstance(constraint, UniqueConstraint) or getattr(constraint, "unique", False))
    }

    assert keyed == {"related_person"}


def test_taking_it_back_restores_both(session: Session, two: Two) -> None:
    before = {
        (table.name, tuple(row))
        for table in moving_tables()
        for row in session.execute(select(*table.primary_key.columns, table.c.patient_id))
    }
    merge(session, two)
    assert undo(session, two) == 0

    after = {
        (table.name, tuple(row))
        for table in moving_tables()
        for row in session.execute(select(*table.primary_key.columns, table.c.patient_id))
    }
    assert after == before
    assert two.merged.merged_into_id is None


def test_what_was_added_since_stays(session: Session, two: Two) -> None:
    merge(session, two)
    give_belongings(session, two.kept)
    undo(session, two)

    assert belongings(session, two.kept) == dict.fromkeys(EACH_ONE, 2)
    assert belongings(session, two.merged) == EACH_ONE


def found(session: Session, two: Two, text: str) -> list[str]:
    hits = find_patients(session, by=two.reception, text=text, **SETTING).hits
    return sorted(hit.ref for hit in hits)


def test_the_search_finds_the_kept_one_also_by_the_old_number(session: Session, two: Two) -> None:
    merge(session, two)
    assert found(session, two, two.merged.hospital_number) == [two.kept.ref]
    assert found(session, two, "okafor") == [two.kept.ref]

    undo(session, two)
    assert found(session, two, two.merged.hospital_number) == [two.merged.ref]
    assert found(session, two, "aminah") == [two.merged.ref]


def test_both_patients_have_it_in_their_audit_trail(session: Session, two: Two) -> None:
    merge(session, two)
    undo(session, two)

    entries = [event for event in audited(session) if event.deed == "merge patients"]
    assert {event.patient_ref for event in entries} == {two.kept.ref, two.merged.ref}
    assert [event.detail["undone"] for event in entries if event.detail] == [False] * 2 + [True] * 2


def test_the_old_reference_leads_to_the_kept_one_through_any_number_of_merges(
    session: Session, two: Two
) -> None:
    merge(session, two)
    last = findable(session, given="Amy")
    merge(session, Two(two.reception, kept=last, merged=two.kept), (1, 2))

    led = merging.kept_instead(session, by=two.reception, ref=two.merged.ref, **SETTING)
    assert led == last.ref
    assert found(session, two, two.merged.hospital_number) == [last.ref]


def test_it_leads_nobody_to_a_record_that_is_not_theirs(session: Session, two: Two) -> None:
    merge(session, two)
    stranger = actor_of(an_account_of(session, a_patient(session)))
    for ref in (two.merged.ref, two.kept.ref, "0" * 20):
        with pytest.raises(NotFound):
            merging.kept_instead(session, by=stranger, ref=ref, **SETTING)


def test_what_was_changed_since_it_was_compared_is_not_merged(session: Session, two: Two) -> None:
    for versions in ((2, 1), (1, 2)):
        with pytest.raises(Conflict, match="Compare them again"), session.begin_nested():
            merge(session, two, versions)
    assert belongings(session, two.merged) == EACH_ONE


def test_a_record_is_not_merged_with_itself(session: Session, two: Two) -> None:
    with pytest.raises(Refused, match="same one"):
        merge(session, Two(two.reception, two.kept, two.kept))


def test_a_merge_is_taken_back_once(session: Session, two: Two) -> None:
    merge(session, two)
    undo(session, two)
    with pytest.raises(Conflict, match="already"):
        undo(session, two)


def test_an_outer_merge_is_taken_back_first(session: Session, two: Two) -> None:
    merge(session, two)
    last = findable(session)
    merge(session, Two(two.reception, kept=last, merged=two.kept), (1, 2))
    first = session.scalars(select(PatientMerge).order_by(PatientMerge.id)).first()
    assert first is not None

    with pytest.raises(NotFound):
        merging.undo(session, by=two.reception, ref=two.kept.ref, merge_ref=first.ref, **LATER)


def test_only_reception_merges(session: Session, two: Two) -> None:
    for role in (Role.PATIENT, Role.DOCTOR, Role.NURSE, Role.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            merge(session, Two(actor_of(an_account(session, role)), two.kept, two.merged))


def acts(session: Session, account: Account) -> list[tuple[int, bool]]:
    """For whom the account acts or acted, and whether it still does."""
    rows = session.execute(
        select(RelatedPerson.patient_id, RelatedPerson.live)
        .where(RelatedPerson.account_id == account.id)
        .order_by(RelatedPerson.id)
    )
    return [(row.patient_id, bool(row.live)) for row in rows]


def test_of_two_own_accounts_the_kept_records_stays(session: Session, two: Two) -> None:
    stays, goes = an_account_of(session, two.kept), an_account_of(session, two.merged)
    merge(session, two)
    assert acts(session, stays) == [(two.kept.id, True)]
    assert acts(session, goes) == [(two.kept.id, False)]

    assert undo(session, two) == 0
    assert acts(session, stays) == [(two.kept.id, True)]
    assert acts(session, goes) == [(two.merged.id, True)]


def test_an_own_account_moves_where_there_was_none(session: Session, two: Two) -> None:
    account = an_account_of(session, two.merged)
    merge(session, two)

    assert acts(session, account) == [(two.kept.id, True)]


def test_who_acts_for_both_acts_for_the_kept_one(session: Session, two: Two) -> None:
    carer = an_account_of(session, two.kept, Relationship.CARER)
    relate(session, carer, two.merged, Relationship.CARER)
    merge(session, two)
    assert acts(session, carer) == [(two.kept.id, True), (two.kept.id, False)]

    undo(session, two)
    assert acts(session, carer) == [(two.kept.id, True), (two.merged.id, True)]


def test_an_access_that_cannot_be_restored_is_counted(session: Session, two: Two) -> None:
    an_account_of(session, two.kept)
    goes = an_account_of(session, two.merged)
    merge(session, two)
    other = a_patient(session)
    relate(session, goes, other, Relationship.ONESELF)

    assert undo(session, two) == 1
    assert acts(session, goes) == [(two.merged.id, False), (other.id, True)]


def test_an_access_that_had_ended_before_does_not_come_back(session: Session, two: Two) -> None:
    before = an_account_of(session, two.merged, ended_at=NOW - timedelta(days=1))
    merge(session, two)
    undo(session, two)

    assert acts(session, before) == [(two.merged.id, False)]


def test_merging_each_into_the_other_at_once_leaves_one(database: Session, engine: Engine) -> None:
    by = actor_of(an_account(database, Role.RECEPTION))
    one, other = findable(database), findable(database)
    database.commit()
    start = Barrier(2)

    def attempt(pair: Two) -> bool:
        with Session(engine, autoflush=False) as session:
            start.wait()
            try:
                merge(session, pair)
            except (Conflict, NotFound):
                return False
            session.commit()
            return True

    with ThreadPoolExecutor(2) as clerks:
        outcomes = list(clerks.map(attempt, [Two(by, one, other), Two(by, other, one)]))

    database.expire_all()
    assert sorted(outcomes) == [False, True]
    assert database.scalar(select(func.count()).where(Patient.merged_into_id.is_not(None))) == 1
    assert database.scalar(select(func.count()).select_from(PatientMerge)) == 1
    assert database.scalar(select(func.count(PatientSearchTerm.patient_id.distinct()))) == 1


def test_a_booking_made_meanwhile_moves_too_or_the_merge_waits(
    database: Session, engine: Engine
) -> None:
    """A row that hangs on the record keeps it from being merged until its transaction ends."""
    by = actor_of(an_account(database, Role.RECEPTION))
    pair = Two(by, findable(database), findable(database))
    slot = a_slot(database, a_practitioner(database), a_location(database))
    database.commit()
    with Session(engine) as booking, ThreadPoolExecutor(1) as clerk:
        an_appointment(booking, pair.merged, booking.merge(slot))
        merged = clerk.submit(_merge_and_commit, engine, pair)
        with pytest.raises(TimeoutError):
            merged.result(timeout=0.3)
        booking.commit()
        merged.result()

    database.expire_all()
    assert database.scalar(select(Appointment.patient_id)) == pair.kept.id


def _merge_and_commit(engine: Engine, pair: Two) -> None:
    with Session(engine, autoflush=False) as session:
        merge(session, pair)
        session.commit()
