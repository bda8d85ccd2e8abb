"""Merging two records of one person, and undoing it."""

from typing import Any

from sqlalchemy import select, update

from portal.access import Deed
from portal.context import Context
from portal.errors import ChangedMeanwhile, NotFound, Refused
from portal.models import Patient, PatientMerge
from portal.models.base import table_of
from portal.models.rows import changed
from portal.patients.access.acting import follow_birth_date
from portal.patients.merging.belongings import (
    end_what_cannot_hold_twice,
    move,
    move_all,
    moving_tables,
    restore,
)
from portal.patients.merging.giving_way import give_way, take_back
from portal.patients.search.terms import write_search_terms
from portal.seen import Seen

ONE_DIED = "Only one of these records says that the person has died. Correct that first."

_DEED = Deed.MERGE_PATIENTS
_patient, _merge = table_of(Patient), table_of(PatientMerge)


def merge(context: Context, *, kept: Seen, merged: Seen, reason: str) -> None:
    """Moves everything from `merged` to `kept`.

    An account that acts for both acts for the kept one afterwards. If both patients have their own account,
    the one of the kept record stays and the access of the other ends. Raises `ChangedMeanwhile` when either
    record changed since it was shown.
    """
    subjects = [context.find_patient(_DEED, seen.ref) for seen in (kept, merged)]
    kept_id, merged_id = (subject.id for subject in subjects)
    if kept_id == merged_id:
        raise Refused("Choose another record: this is the same one.")
    if len({subject.deceased_on is None for subject in subjects}) > 1:
        raise Refused(ONE_DIED)
    versions = {kept_id: kept.version, merged_id: merged.version}
    for patient_id in sorted(versions):  # Always lock in the same order, to avoid deadlocks.
        into = kept_id if patient_id == merged_id else None
        _claim(context, patient_id, versions[patient_id], into)
    ended = end_what_cannot_hold_twice(context, kept_id, merged_id)
    give_way(context.session, kept_id, merged_id, context.now)
    row = PatientMerge(
        kept_id=kept_id,
        merged_id=merged_id,
        reason=reason,
        moved=move_all(context.session, merged_id, kept_id),
        ended=ended,
        merged_at=context.now,
        merged_by=context.by.ref,
    )
    context.session.add(row)
    context.session.flush()
    _index_and_remember(context, row, undone=False)


def undo(context: Context, *, patient: Seen, merge_ref: str) -> int:
    """Undoes a merge into this patient.

    Returns how many people's access could not be restored, because their account has got another record of
    its own since. Raises `ChangedMeanwhile` when the patient's record changed since it was shown, also by
    undoing this merge.
    """
    subject = context.find_patient(_DEED, patient.ref)
    row = context.session.scalar(
        select(PatientMerge).where(
            PatientMerge.ref == merge_ref, PatientMerge.kept_id == subject.id
        )
    )
    if row is None:
        raise NotFound
    holding = update(_merge).where(_merge.c.id == row.id, _merge.c.undone_at.is_(None))
    undone = {"undone_at": context.now, "undone_by": context.by.ref}
    _exactly_one(context, holding.values(undone))
    if row.merged_id < subject.id:  # In the same order as a merge.
        _free(context, row.merged_id, subject.id)
        _claim(context, subject.id, patient.version, None)
    else:
        _claim(context, subject.id, patient.version, None)
        _free(context, row.merged_id, subject.id)
    for table in moving_tables():
        move(context.session, table, row.moved.get(table.name, []), row.kept_id, row.merged_id)
    take_back(context.session, row.merged_id, row.merged_at)
    lost = sum(not restore(context.session, related_id, row) for related_id in row.ended)
    _index_and_remember(context, row, undone=True)
    return lost


def _claim(context: Context, patient_id: int, version: int, into: int | None) -> None:
    """Locks the record in the version that was shown, until the end of the transaction."""
    seen = update(_patient).where(
        _patient.c.id == patient_id,
        _patient.c.version == version,
        _patient.c.merged_into_id.is_(None),
    )
    new = seen.values(merged_into_id=into, version=version + 1, updated_at=context.now)
    _exactly_one(context, new)


def _free(context: Context, merged_id: int, kept_id: int) -> None:
    merged = update(_patient).where(
        _patient.c.id == merged_id, _patient.c.merged_into_id == kept_id
    )
    version = _patient.c.version + 1
    free = merged.values(merged_into_id=None, version=version, updated_at=context.now)
    _exactly_one(context, free)


def _exactly_one(context: Context, statement: Any) -> None:
    if changed(context.session, statement) != 1:
        raise ChangedMeanwhile


def _index_and_remember(context: Context, row: PatientMerge, *, undone: bool) -> None:
    kept, merged = (
        context.session.get_one(Patient, one, populate_existing=True)
        for one in (row.kept_id, row.merged_id)
    )
    write_search_terms(context.session, [kept, merged])
    for patient in (kept, merged):
        follow_birth_date(context, patient.id)
        context.remember(
            _DEED,
            of=PatientMerge.reference(row.ref),
            patient=patient.ref,
            kept=kept.ref,
            merged=merged.ref,
            rows={name: len(keys) for name, keys in row.moved.items()},
            undone=undone,
        )
