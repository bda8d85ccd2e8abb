"""Two records become one, and two again after an undo. Nothing is lost or left behind."""

from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Session

from portal.models import Base
from portal.patients.merging.belongings import STAYING, moving_tables
from tests.builders import an_allergy, audited
from tests.patients.merging.records import (
    EACH_ONE,
    TWICE,
    Two,
    belongings,
    give_belongings,
    merge,
    undo,
)


def test_everything_moves_to_the_record_that_is_kept(session: Session, two: Two) -> None:
    merge(session, two)

    assert belongings(session, two.merged) == dict.fromkeys(EACH_ONE, 0)
    assert belongings(session, two.kept) == TWICE
    assert two.merged.merged_into_id == two.kept.id


def test_an_allergy_of_both_records_counts_once_and_comes_back(session: Session, two: Two) -> None:
    kept = an_allergy(session, two.kept, "Penicillin")
    merged = an_allergy(session, two.merged, "penicillin v")
    merge(session, two)
    session.expire_all()
    assert (kept.active_substance is None, merged.active_substance is None) == (False, True)
    assert merged.patient_id == two.kept.id

    undo(session, two)
    session.expire_all()
    assert merged.patient_id == two.merged.id
    assert kept.active_substance == merged.active_substance is not None


def test_every_table_that_belongs_to_a_patient_moves() -> None:
    """New tables are found by their column. Tables that stay are listed."""
    owned = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "patient" and table.name not in {"patient", "patient_merge"}
    }

    assert {table.name for table in moving_tables()} == owned - STAYING


def test_no_other_unique_key_can_prevent_moving() -> None:
    """`end_what_cannot_hold_twice` handles related persons; the other tables have `gives_way`."""
    keyed = {
        table.name
        for table in moving_tables()
        if "gives_way" not in table.info
        for constraint in (*table.constraints, *table.indexes)
        if isinstance(constraint, UniqueConstraint) or getattr(constraint, "unique", False)
        if "patient_id" in getattr(constraint, "columns", ())
    }

    assert keyed == {"related_person"}


def test_an_undo_restores_both_records(session: Session, two: Two) -> None:
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


def test_rows_that_were_added_after_the_merge_stay(session: Session, two: Two) -> None:
    merge(session, two)
    give_belongings(session, two.kept)
    undo(session, two)

    assert belongings(session, two.kept) == TWICE
    assert belongings(session, two.merged) == EACH_ONE


def test_both_patients_have_the_merge_in_their_audit_trail(session: Session, two: Two) -> None:
    merge(session, two)
    undo(session, two)

    entries = audited(session, "merge patients")
    assert {event.patient_ref for event in entries} == {two.kept.ref, two.merged.ref}
    assert [event.detail["undone"] for event in entries if event.detail] == [False] * 2 + [True] * 2
