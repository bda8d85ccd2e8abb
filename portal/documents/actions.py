"""Adding documents, and withdrawing them. A row makes a document of a file that was received whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.documents import rules
from portal.documents.queries import find_document
from portal.errors import Conflict, NotFound, Refused
from portal.hospital import Hospital
from portal.models import (
    DocumentReference,
    DocumentReferenceStatus,
    DocumentType,
    Origin,
    Patient,
    Scan,
    Thumbnail,
    new_ref,
)
from portal.models.base import table_of
from portal.models.lookup import Subject, find_patient
from portal.shared_files import StoredFile

WITHDRAWN_ALREADY = "This document has been withdrawn already."

_document = table_of(DocumentReference)
_INSERT = insert(_document)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A file that was received whole: what it is by its content, and its name where it came from."""

    stored: StoredFile
    content_type: str
    name: str
    has_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """What people say about the files that they send together."""

    title: str
    type: DocumentType
    author: str
    created_on: date | None


class AlreadyThere(Refused):
    """Some of the files are among the patient's documents. `titles` by the files' SHA-256."""

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__("This file is among the documents already.")
        self.titles = titles


def add(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    files: Sequence[NewFile],
    facts: DocumentFacts,
    hospital: Hospital,
    now: datetime,
) -> list[str]:
    """One document for each file, waiting to be scanned; returns their references.

    Raises `NotFound` when the patient is not theirs, `AlreadyThere` when a file of the same content
    is among the patient's documents.
    """
    deed = Deed.ADD_DOCUMENT
    subject = find_patient(session, by=by, deed=deed, ref=patient_ref, hospital=hospital, now=now)
    _hold(session, subject.id)
    _refuse_twins(session, subject.id, files)
    titles = rules.titles(facts.title, [file.name for file in files])
    rows = [
        _row(by, subject, file, title, facts, now)
        for file, title in zip(files, titles, strict=True)
    ]
    session.execute(_INSERT, rows)
    for row in rows:
        audit.remember(
            session,
            by=by,
            deed=deed,
            now=now,
            of=DocumentReference.reference(row["ref"]),
            patient=subject.ref,
            bytes=row["size"],
            type=facts.type.value,
        )
    return [row["ref"] for row in rows]


def _hold(session: Session, patient_id: int) -> None:
    """Nobody merges the record away, or adds the same file to it, before this is committed."""
    held = select(Patient.id).where(Patient.id == patient_id, Patient.merged_into_id.is_(None))
    if session.scalar(held.with_for_update()) is None:
        raise NotFound


def _refuse_twins(session: Session, patient_id: int, files: Sequence[NewFile]) -> None:
    there = session.execute(
        select(_document.c.sha256, _document.c.title).where(
            _document.c.patient_id == patient_id,
            _document.c.sha256.in_([file.stored.sha256 for file in files]),
            _document.c.status == DocumentReferenceStatus.CURRENT,
            _document.c.scan != Scan.REJECTED,
        )
    ).all()
    if there:
        raise AlreadyThere({row.sha256: row.title for row in there})


def _row(
    by: Actor, subject: Subject, file: NewFile, title: str, facts: DocumentFacts, now: datetime
) -> dict[str, Any]:
    from_patient = subject.acted_for_as is not None
    return {
        "ref": new_ref(),
        "patient_id": subject.id,
        "type": facts.type,
        "title": title,
        "author": facts.author,
        "created_on": facts.created_on,
        "created_at": now,
        "origin": Origin.PATIENT if from_patient else Origin.HOSPITAL,
        "added_by_id": by.account_id,
        "added_by_name": by.name,
        "content_type": file.content_type,
        "size": file.stored.size,
        "sha256": file.stored.sha256,
        "file_name": file.stored.name,
        "attachment_title": file.name,
        "thumbnail": Thumbnail.WAITING if file.has_picture else Thumbnail.NONE,
        "due_at": now,
        "checked_at": now,
    }


def withdraw(
    session: Session,
    *,
    by: Actor,
    patient_ref: str,
    ref: str,
    reason: str,
    hospital: Hospital,
    now: datetime,
) -> None:
    """Marks the document as entered in error, with who says so and why. Its file stays."""
    deed = Deed.WITHDRAW_DOCUMENT
    subject, document = find_document(
        session, by=by, deed=deed, patient_ref=patient_ref, ref=ref, hospital=hospital, now=now
    )
    rules.require_withdrawable(
        acts_for_patient=subject.acted_for_as is not None,
        from_patient=document.origin is Origin.PATIENT,
    )
    withdrawn = (
        update(_document)
        .where(
            _document.c.id == document.id,
            _document.c.patient_id == subject.id,
            _document.c.status == DocumentReferenceStatus.CURRENT,
        )
        .values(
            status=DocumentReferenceStatus.ENTERED_IN_ERROR,
            withdrawn_at=now,
            withdrawn_by_name=by.name,
            withdrawn_reason=reason,
        )
    )
    if cast("CursorResult[Any]", session.execute(withdrawn)).rowcount != 1:
        raise Conflict(WITHDRAWN_ALREADY)
    audit.remember(session, by=by, deed=deed, now=now, of=document.reference, patient=subject.ref)
