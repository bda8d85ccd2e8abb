"""Making one record of two that are the same person's, and taking that back.

Everything that hangs on a patient moves to the record that is kept; which rows moved is remembered,
so that exactly those go back. The record merged away stays, empty, and leads to the kept one.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.errors import Conflict, NotFound, Refused
from portal.hospital import Hospital
from portal.models import Patient, PatientMerge
from portal.models.lookup import find_patient
from portal.models.search_terms import write_search_terms
from portal.patients.belongings import (
    end_what_cannot_hold_twice,
    move,
    move_all,
    moving_tables,
    restore,
)

CHANGED = "One of these records was changed meanwhile. Compare them again."
TAKEN_BACK = "This merge has been taken back already."

_DEED = Deed.MERGE_PATIENTS


def merge(
    session: Session,
    *,
    by: Actor,
    kept: tuple[str, int],
    merged: tuple[str, int],
    reason: str,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Moves everything of `merged` to `kept`; both are given as reference and version seen.

    An account that acts for both keeps acting for the kept one; where both have an account of
    their own, the kept record's stays and the other one's ends. Raises `Conflict` when either
    record is no longer as it was seen.
    """
    kept_patient, merged_patient = (
        find_patient(session, by=by, deed=_DEED, ref=ref, hospital=hospital, now=now)
        for ref, _ in (kept, merged)
    )
    if kept_patient.id == merged_patient.id:
        raise Refused("Choose another record: this is the same one.")
    versions = {kept_patient.id: kept[1], merged_patient.id: merged[1]}
    for patient_id in sorted(versions):  # One order for everybody, so that nobody waits in a ring.
        into = kept_patient.id if patient_id == merged_patient.id else None
        _claim(session, patient_id, versions[patient_id], into, now)
    ended = end_what_cannot_hold_twice(session, kept_patient.id, merged_patient.id, now)
    row = PatientMerge(
        kept_id=kept_patient.id,
        merged_id=merged_patient.id,
        reason=reason,
        moved=move_all(session, merged_patient.id, kept_patient.id),
        ended=ended,
        merged_at=now,
        merged_by=by.ref,
    )
    session.add(row)
    session.flush()
    _index_and_remember(session, by, (kept_patient.id, merged_patient.id), row, now)


def undo(
    session: Session, *, by: Actor, ref: str, merge_ref: str, hospital: Hospital, now: datetime
) -> int:
    """Takes a merge into the patient `ref` back, and returns how many people's access could not be restored.

    That happens when an account that lost its access got another record of its own since.
    """
    subject = find_patient(session, by=by, deed=_DEED, ref=ref, hospital=hospital, now=now)
    row = session.scalar(
        select(PatientMerge).where(
            PatientMerge.ref == merge_ref, PatientMerge.kept_id == subject.id
        )
    )
    if row is None:
        raise NotFound
    marked = update(PatientMerge).where(PatientMerge.id == row.id, PatientMerge.undone_at.is_(None))
    _exactly_one(session, marked.values(undone_at=now, undone_by=by.ref), TAKEN_BACK)
    freed = update(Patient).where(Patient.id == row.merged_id, Patient.merged_into_id == subject.id)
    _exactly_one(
        session,
        freed.values(merged_into_id=None, version=Patient.version + 1, updated_at=now),
        TAKEN_BACK,
    )
    for table in moving_tables():
        move(session, table, row.moved.get(table.name, []), row.kept_id, row.merged_id)
    lost = sum(not restore(session, related_id, row) for related_id in row.ended)
    _index_and_remember(session, by, (row.kept_id, row.merged_id), row, now, undone=True)
    return lost


def kept_instead(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> str:
    """The reference of the record into which this one was merged, if `by` may see that.

    Raises `NotFound` for every other reference.
    """
    into = select(Patient.ref, Patient.merged_into_id).where(Patient.ref == ref)
    row = session.execute(into).one_or_none()
    if row is None or row.merged_into_id is None:
        raise NotFound
    while row.merged_into_id is not None:
        row = session.execute(
            select(Patient.ref, Patient.merged_into_id).where(Patient.id == row.merged_into_id)
        ).one()
    find_patient(session, by=by, deed=Deed.SEE_PATIENT, ref=row.ref, hospital=hospital, now=now)
    return str(row.ref)


def _claim(
    session: Session, patient_id: int, version: int, into: int | None, now: datetime
) -> None:
    """Locks the record as it was seen until the end of the transaction."""
    seen = update(Patient).where(
        Patient.id == patient_id, Patient.version == version, Patient.merged_into_id.is_(None)
    )
    changed = seen.values(merged_into_id=into, version=version + 1, updated_at=now)
    _exactly_one(session, changed, CHANGED)


def _exactly_one(session: Session, statement: Any, otherwise: str) -> None:
    result = session.execute(statement.execution_options(synchronize_session=False))
    if cast("CursorResult[Any]", result).rowcount != 1:
        raise Conflict(otherwise)


def _index_and_remember(
    session: Session,
    by: Actor,
    ids: tuple[int, int],
    row: PatientMerge,
    now: datetime,
    *,
    undone: bool = False,
) -> None:
    patients = [session.get_one(Patient, one, populate_existing=True) for one in ids]
    write_search_terms(session, patients)
    for patient in patients:
        audit.remember(
            session,
            by=by,
            deed=_DEED,
            now=now,
            of=PatientMerge.reference(row.ref),
            patient=patient.ref,
            kept=patients[0].ref,
            merged=patients[1].ref,
            rows={name: len(keys) for name, keys in row.moved.items()},
            undone=undone,
        )
