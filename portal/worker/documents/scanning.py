"""The file that has waited for longest, shown to the virus scanner."""

from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

from portal import audit
from portal.access import SYSTEM, Deed
from portal.documents import damage
from portal.documents.scanning import ScannerAway, answers, scan
from portal.errors import Unavailable
from portal.hospital import Hospital
from portal.models import DocumentReference, Scan, Thumbnail
from portal.shared_files import Damaged, SharedFiles
from portal.worker.documents.queue import TO_SCAN, Claim, claim, put_back, settle

FOUND = "A virus was found in it ({})."


def scan_next(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    store: SharedFiles,
    scanner: str | None,
) -> bool:
    """Scans one file; returns whether there may be more to do at once. Without a scanner, all wait."""
    if scanner is None:
        return False
    with sessions.begin() as session:
        mine = claim(session, TO_SCAN, now)
    if mine is None:
        return False
    try:
        with store.open_intact(mine.stored) as file:
            found = scan(file, address=scanner)
    except Damaged:
        with sessions.begin() as session:
            damage.report(session, ref=mine.ref, now=now)
            put_back(session, mine, now, own_fault=True)
        return True
    except Unavailable as fault:
        # A scanner that is there, and gives no answer on this file, has others to look at meanwhile.
        own_fault = isinstance(fault, ScannerAway) and answers(scanner)
        with sessions.begin() as session:
            put_back(session, mine, now, own_fault=own_fault)
        return own_fault
    if _settled(sessions, mine, found, now) and found is not None:
        store.set_aside(mine.stored)
    return True


def _settled(
    sessions: sessionmaker[Session], mine: Claim, found: str | None, now: datetime
) -> bool:
    """The row first: what it calls rejected is served to nobody, wherever the file still is."""
    outcome = (
        {"scan": Scan.CLEAN}
        if found is None
        else {
            "scan": Scan.REJECTED,
            "scan_result": FOUND.format(found[:150]),
            "thumbnail": Thumbnail.NONE,
        }
    )
    with sessions.begin() as session:
        if not settle(session, mine, scanned_at=now, due_at=now, **outcome):
            return False
        audit.remember(
            session,
            by=SYSTEM,
            deed=Deed.CHECK_FILES,
            now=now,
            of=DocumentReference.reference(mine.ref),
            patient=mine.patient_ref,
            clean=found is None,
        )
    return True
