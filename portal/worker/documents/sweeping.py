"""Makes rows and files consistent again after a process was killed between writing them.

A row always has its file. The sweep finds files without a row from unfinished forms, rejected files that were
not moved yet, and rejected files that were kept for long enough.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import islice

from sqlalchemy import select, update

from portal.access import Deed
from portal.context import Context, Contexts
from portal.models import DocumentReference, Patient
from portal.models.base import table_of
from portal.shared_files import Found, Missing, SharedFiles, StoredFile
from portal.vocabulary import Scan

log = logging.getLogger(__name__)

AT_ONCE = 500
"""Names per statement."""

_document, _patient = table_of(DocumentReference), table_of(Patient)


def sweep_files(contexts: Contexts, *, store: SharedFiles) -> bool:
    """Checks all files once. Returns False: nothing more is urgent."""
    gone = store.sweep_unfinished(contexts.now)
    gone += _remove_rejected(contexts, store)
    for some in _portions(store.kept()):
        scans = _scans_of(contexts, some)
        gone += _remove_ownerless(contexts, store, some, scans)
        for found in some:
            if scans.get(found.name) is Scan.REJECTED:
                _set_aside(store, found)
    for some in _portions(store.aside()):
        gone += _remove_ownerless(contexts, store, some, _scans_of(contexts, some))
    log.info("swept the shared files: %d removed", gone)
    return False


def _portions(files: Iterator[Found]) -> Iterator[list[Found]]:
    while some := list(islice(files, AT_ONCE)):
        yield some


def _scans_of(contexts: Contexts, files: Sequence[Found]) -> dict[str, Scan]:
    """The scan results of the files that have a row, by name."""
    names = [found.name for found in files]
    with contexts.read() as context:
        rows = context.session.execute(
            select(_document.c.file_name, _document.c.scan).where(_document.c.file_name.in_(names))
        )
        return {row.file_name: row.scan for row in rows}


def _remove_ownerless(
    contexts: Contexts, store: SharedFiles, files: Iterable[Found], owned: dict[str, Scan]
) -> int:
    """A new file may be about to get its row: see `SharedFiles.ABANDONED_AFTER`."""
    before = contexts.now - store.ABANDONED_AFTER
    old = [found.name for found in files if found.name not in owned and found.modified < before]
    for name in old:
        store.remove(name)
    return len(old)


def _set_aside(store: SharedFiles, found: Found) -> None:
    with suppress(Missing):  # another worker did it
        store.set_aside(StoredFile(found.name, found.size, ""))


def _remove_rejected(contexts: Contexts, store: SharedFiles) -> int:
    before = contexts.now - timedelta(days=contexts.hospital.rejected_file_days)
    due = (
        select(_document.c.ref, _document.c.file_name, _patient.c.ref)
        .join(_patient, _document.c.patient_id == _patient.c.id)
        .where(
            _document.c.scan == Scan.REJECTED,
            _document.c.file_removed_at.is_(None),
            _document.c.created_at < before,
        )
        .limit(AT_ONCE)
    )
    with contexts.read() as context:
        rows = context.session.execute(due).all()
    for ref, file_name, patient_ref in rows:
        store.remove(file_name)
        with contexts.begin() as context:
            _mark_removed(context, ref, patient_ref)
    return len(rows)


def _mark_removed(context: Context, ref: str, patient_ref: str) -> None:
    removed = update(_document).where(_document.c.ref == ref).values(file_removed_at=context.now)
    context.session.execute(removed)
    context.remember(
        Deed.CHECK_FILES,
        of=DocumentReference.reference(ref),
        patient=patient_ref,
        step="remove rejected file",
    )
