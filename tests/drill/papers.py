"""Documents that patients have before a drill begins, to be fetched in it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from portal.models import DocumentReference, Patient
from portal.shared_files import SharedFiles, StoredFile
from portal.vocabulary import DocumentType, Origin, Scan, Thumbnail

LETTER = b"Dear Sir or Madam,\n" * 3000
"""57 kB: several reads from a network file system."""


@dataclass(frozen=True)
class Paper:
    """A document that can be opened: the patient's index in the list, its reference, its file's hash."""

    of_patient: int
    ref: str
    sha256: str


def hand_in(session: Session, patients: Sequence[Patient], folder: Path) -> list[Paper]:
    """A letter of each patient, already found clean. The files are in `folder`."""
    store = SharedFiles(folder)
    store.prepare()
    papers = []
    for place, patient in enumerate(patients):
        letter = LETTER + f"{patient.family}\n".encode()
        with store.begin(limit=len(letter)) as writer:
            writer.write(letter)
            row = _row(patient, writer.finish())
        session.add(row)
        session.flush()
        papers.append(Paper(place, row.ref, hashlib.sha256(letter).hexdigest()))
    store.close()
    return papers


def _row(patient: Patient, stored: StoredFile) -> DocumentReference:
    now = datetime.now(UTC)
    return DocumentReference(
        patient_id=patient.id,
        type=DocumentType.LETTER,
        title="A letter from before",
        created_at=now,
        origin=Origin.PATIENT,
        added_by_name=f"{patient.given} {patient.family}",
        content_type="text/plain",
        size=stored.size,
        sha256=stored.sha256,
        file_name=stored.name,
        attachment_title="letter.txt",
        scan=Scan.CLEAN,
        thumbnail=Thumbnail.NONE,
        due_at=now,
        checked_at=now,
    )
