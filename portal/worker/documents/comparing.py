"""Rereads every file from time to time and compares it with its original SHA-256."""

from datetime import timedelta

from sqlalchemy import select

from portal.access import Deed
from portal.context import Contexts
from portal.documents.files import damage
from portal.models import DocumentReference
from portal.models.base import table_of
from portal.shared_files import Damaged, SharedFiles, StoredFile
from portal.vocabulary import Scan

EVERY = timedelta(days=30)
AT_ONCE = 10

_document = table_of(DocumentReference)


def compare_some(contexts: Contexts, *, store: SharedFiles) -> bool:
    """Compares the files that were checked longest ago. Returns whether more are due."""
    due = (
        select(_document.c.ref, _document.c.file_name, _document.c.size, _document.c.sha256)
        .where(
            _document.c.checked_at < contexts.now - EVERY,
            _document.c.damaged_at.is_(None),
            _document.c.scan != Scan.REJECTED,
        )
        .order_by(_document.c.checked_at)
        .limit(AT_ONCE)
    )
    with contexts.read() as context:
        rows = context.session.execute(due).all()
    for ref, *stored in rows:
        whole = _is_whole(store, StoredFile(*stored))
        with contexts.begin() as context:
            if whole:
                damage.found_whole(context, Deed.CHECK_FILES, ref)
            else:
                damage.report(context, ref)
    return len(rows) == AT_ONCE


def _is_whole(store: SharedFiles, stored: StoredFile) -> bool:
    try:
        store.open_intact(stored).close()
    except Damaged:
        return False
    return True
