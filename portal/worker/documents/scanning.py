"""Scans the file that has waited longest for viruses."""

from portal.access import Deed
from portal.context import Contexts
from portal.documents.checking.scanning import ScannerAway, answers, scan
from portal.documents.files import damage
from portal.errors import Unavailable
from portal.models import DocumentReference
from portal.shared_files import Damaged, SharedFiles
from portal.vocabulary import Scan, Thumbnail
from portal.worker.documents.queue import TO_SCAN, Claim, claim, put_back, settle

FOUND = "A virus was found in it ({})."


def scan_next(contexts: Contexts, *, store: SharedFiles, scanner: str | None) -> bool:
    """Scans one file; returns whether there may be more to do. While the scanner is away, all files wait."""
    if scanner is None:
        return False
    with contexts.begin() as context:
        mine = claim(context, TO_SCAN)
    if mine is None:
        return False
    try:
        with store.open_intact(mine.stored) as file:
            found = scan(file, address=scanner)
    except Damaged:
        with contexts.begin() as context:
            damage.report(context, mine.ref)
            put_back(context, mine, own_fault=True)
        return True
    except Unavailable as fault:
        # If the scanner answers but fails on this file, it can scan other files.
        own_fault = isinstance(fault, ScannerAway) and answers(scanner)
        with contexts.begin() as context:
            put_back(context, mine, own_fault=own_fault)
        return own_fault
    if _settled(contexts, mine, found) and found is not None:
        store.set_aside(mine.stored)
    return True


def _settled(contexts: Contexts, mine: Claim, found: str | None) -> bool:
    """Update the row first: once it is rejected, nobody can open the file wherever it is."""
    outcome = (
        {"scan": Scan.CLEAN}
        if found is None
        else {
            "scan": Scan.REJECTED,
            "scan_result": FOUND.format(found[:150]),
            "thumbnail": Thumbnail.NONE,
        }
    )
    with contexts.begin() as context:
        if not settle(context, mine, scanned_at=context.now, due_at=context.now, **outcome):
            return False
        context.remember(
            Deed.CHECK_FILES,
            of=DocumentReference.reference(mine.ref),
            patient=mine.patient_ref,
            clean=found is None,
        )
    return True
