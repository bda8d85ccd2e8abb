"""Making rows and files agree again, wherever a process was killed between the two.

A row always has its file. What can be left over is a file without a row, of a form that was never
sent to its end; a rejected one that was not yet set aside; and one that was kept apart long enough.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from portal import audit
from portal.access import SYSTEM, Deed
from portal.hospital import Hospital
from portal.models import DocumentReference, Patient, Scan
from portal.models.base import table_of
from portal.shared_files import Found, Missing, SharedFiles, StoredFile

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Names to a statement."""

_document, _patient = table_of(DocumentReference), table_of(Patient)


def sweep_files(
    sessions: sessionmaker[Session], hospital: Hospital, now: datetime, *, store: SharedFiles
) -> bool:
    """Goes through all files once; returns False: whatever is left over is not in a hurry."""
    gone = store.sweep_unfinished(now)
    gone += _remove_rejected(
        sessions, store, now - timedelta(days=hospital.rejected_file_days), now
    )
    for some in _portions(store.kept()):
        scans = _scans_of(sessions, some)
        gone += _remove_ownerless(store, some, scans, now)
        for found in some:
            if scans.get(found.name) is Scan.REJECTED:
                _set_aside(store, found)
    for some in _portions(store.aside()):
        gone += _remove_ownerless(store, some, _scans_of(sessions, some), now)
    log.info("swept the shared files: %d removed", gone)
    return False


def _portions(files: Iterator[Found]) -> Iterator[list[Found]]:
    while some := list(islice(files, AT_ONCE)):
        yield some


def _scans_of(sessions: sessionmaker[Session], files: Sequence[Found]) -> dict[str, Scan]:
    """How each file that has a row was found, by its name."""
    names = [found.name for found in files]
    with sessions() as session:
        rows = session.execute(
            select(_document.c.file_name, _document.c.scan).where(_document.c.file_name.in_(names))
        )
        return {row.file_name: row.scan for row in rows}


def _remove_ownerless(
    store: SharedFiles, files: Iterable[Found], owned: dict[str, Scan], now: datetime
) -> int:
    """A young file without a row may be about to get one: see `SharedFiles.ABANDONED_AFTER`."""
    before = now - store.ABANDONED_AFTER
    old = [found.name for found in files if found.name not in owned and found.modified < before]
    for name in old:
        store.remove(name)
    return len(old)


def _set_aside(store: SharedFiles, found: Found) -> None:
    with suppress(Missing):  # another worker did
        store.set_aside(StoredFile(found.name, found.size, ""))


def _remove_rejected(
    sessions: sessionmaker[Session], store: SharedFiles, before: datetime, now: datetime
) -> int:
    with sessions() as session:
        due = session.execute(
            select(_document.c.ref, _document.c.file_name, _patient.c.ref)
            .join(_patient, _document.c.patient_id == _patient.c.id)
            .where(
                _document.c.scan == Scan.REJECTED,
                _document.c.file_removed_at.is_(None),
                _document.c.created_at < before,
            )
            .limit(AT_ONCE)
        ).all()
    for ref, file_name, patient_ref in due:
        store.remove(file_name)
        with sessions.begin() as session:
            _mark_removed(session, ref, patient_ref, now)
    return len(due)


def _mark_removed(session: Session, ref: str, patient_ref: str, now: datetime) -> None:
    session.execute(update(_document).where(_document.c.ref == ref).values(file_removed_at=now))
    audit.remember(
        session,
        by=SYSTEM,
        deed=Deed.CHECK_FILES,
        now=now,
        of=DocumentReference.reference(ref),
        patient=patient_ref,
        step="remove rejected file",
    )
