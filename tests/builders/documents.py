"""Documents. Their files are made in `tests/documents/sample_files.py`."""

from typing import Any

from sqlalchemy.orm import Session

from portal.models import DocumentReference, Patient
from portal.vocabulary import DocumentType, Origin, Scan, Thumbnail
from tests.builders.rows import NOW, added, serial


def a_document(session: Session, patient: Patient, **facts: Any) -> DocumentReference:
    """A letter that was found clean. It has no file on the disk."""
    number = next(serial)
    defaults = {
        "type": DocumentType.LETTER,
        "title": f"Letter {number}",
        "created_at": NOW,
        "origin": Origin.PATIENT,
        "added_by_name": "Amina Okafor",
        "content_type": "application/pdf",
        "size": 1000 + number,
        "sha256": f"{number:064x}",
        "file_name": f"{number:032x}",
        "attachment_title": "letter.pdf",
        "scan": Scan.CLEAN,
        "scanned_at": NOW,
        "thumbnail": Thumbnail.NONE,
        "due_at": NOW,
        "checked_at": NOW,
    }
    return added(session, DocumentReference(patient_id=patient.id, **{**defaults, **facts}))
