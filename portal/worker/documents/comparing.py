"""Every file is read again now and then, and compared with the SHA-256 that it had when it came."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.access import SYSTEM, Deed
from portal.documents import damage
from portal.hospital import Hospital
from portal.models import DocumentReference, Scan
from portal.models.base import table_of
from portal.shared_files import Damaged, SharedFiles, StoredFile

EVERY = timedelta(days=30)
AT_ONCE = 10

_document = table_of(DocumentReference)


def compare_some(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    store: SharedFiles,
) -> bool:
    """Compares those that were not looked at for longest; returns whether more are due."""
    due = (
        select(_document.c.ref, _document.c.file_name, _document.c.size, _document.c.sha256)
        .where(
            _document.c.checked_at < now - EVERY,
            _document.c.damaged_at.is_(None),
            _document.c.scan != Scan.REJECTED,
        )
        .order_by(_document.c.checked_at)
        .limit(AT_ONCE)
    )
    with sessions() as session:
        rows = session.execute(due).all()
    for ref, *stored in rows:
        whole = _is_whole(store, StoredFile(*stored))
        with sessions.begin() as session:
            if whole:
                damage.found_whole(session, by=SYSTEM, deed=Deed.CHECK_FILES, ref=ref, now=now)
            else:
                damage.report(session, ref=ref, now=now)
    return len(rows) == AT_ONCE


def _is_whole(store: SharedFiles, stored: StoredFile) -> bool:
    try:
        store.open_intact(stored).close()
    except Damaged:
        return False
    return True
