"""Which documents somebody sees, and the one that a page is about. Every read leaves its entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import CLINICIANS, Actor, Deed, Relation, require
from portal.documents import rules
from portal.errors import NotFound
from portal.hospital import Hospital
from portal.models import (
    DocumentReference,
    DocumentReferenceStatus,
    DocumentType,
    Origin,
    Scan,
    Thumbnail,
    scope,
)
from portal.models.base import table_of
from portal.models.lookup import Subject, find_patient
from portal.shared_files import StoredFile

PAGE = 25
LATE = timedelta(minutes=15)
"""A file that waits for longer than this to be scanned says that the scanner is away."""

_document = table_of(DocumentReference)
_COLUMNS = (
    _document.c.id,
    _document.c.ref,
    _document.c.status,
    _document.c.type,
    _document.c.title,
    _document.c.author,
    _document.c.created_on,
    _document.c.created_at,
    _document.c.origin,
    _document.c.added_by_name,
    _document.c.content_type,
    _document.c.size,
    _document.c.sha256,
    _document.c.file_name,
    _document.c.attachment_title,
    _document.c.scan,
    _document.c.scan_result,
    _document.c.thumbnail,
    _document.c.damaged_at,
    _document.c.withdrawn_at,
    _document.c.withdrawn_by_name,
    _document.c.withdrawn_reason,
)


def thumbnail_name(file_name: str) -> str:
    """Where the small picture of a stored file is kept."""
    return f"thumbnails/{file_name[:2]}/{file_name}"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as pages show it. Its fields are those of `DocumentReference`."""

    id: int
    ref: str
    status: DocumentReferenceStatus
    type: DocumentType
    title: str
    author: str
    created_on: date | None
    created_at: datetime
    origin: Origin
    added_by_name: str
    content_type: str
    size: int
    sha256: str
    file_name: str
    attachment_title: str
    scan: Scan
    scan_result: str | None
    thumbnail: Thumbnail
    damaged_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_by_name: str | None
    withdrawn_reason: str | None

    @property
    def reference(self) -> str:
        return DocumentReference.reference(self.ref)

    @property
    def stored(self) -> StoredFile:
        return StoredFile(self.file_name, self.size, self.sha256)

    @property
    def thumbnail_name(self) -> str:
        return thumbnail_name(self.file_name)

    @property
    def is_withdrawn(self) -> bool:
        return self.status is DocumentReferenceStatus.ENTERED_IN_ERROR

    def why_closed(self, by: Actor, subject: Subject) -> str | None:
        """Why `by` can't open the file, in words; None when they can."""
        return rules.why_closed(
            waiting=self.scan is Scan.WAITING,
            rejected=self.scan is Scan.REJECTED,
            damaged=self.damaged_at is not None,
            withdrawn=self.is_withdrawn,
            clinician=subject.acted_for_as is None and by.is_any_of(CLINICIANS),
        )


@dataclass(frozen=True, slots=True)
class Documents:
    """One page of a patient's documents, newest first."""

    rows: Sequence[Document]
    more: bool
    late: bool
    """One of them has waited for its scan for longer than it should."""


@cache
def _listed(relations: frozenset[Relation]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .where(_document.c.patient_id == bindparam("patient_id"), scope.documents(relations))
        .order_by(_document.c.created_at.desc(), _document.c.id.desc())
        .limit(PAGE + 1)
        .offset(bindparam("skipped", type_=Integer()))
    )


@cache
def _found(relations: frozenset[Relation]) -> Select[Any]:
    return select(*_COLUMNS).where(
        _document.c.ref == bindparam("ref"),
        _document.c.patient_id == bindparam("patient_id"),
        scope.documents(relations),
    )


def documents_of(
    session: Session, *, by: Actor, patient_ref: str, page: int, hospital: Hospital, now: datetime
) -> tuple[Subject, Documents]:
    """The patient and their documents that `by` may see; `page` counts from 1. Raises `NotFound`."""
    deed = Deed.SEE_DOCUMENTS
    subject = find_patient(session, by=by, deed=deed, ref=patient_ref, hospital=hospital, now=now)
    values = scope.parameters(by, hospital, now) | {"patient_id": subject.id}
    rows = session.execute(
        _listed(require(by, deed)), values | {"skipped": PAGE * (page - 1)}
    ).all()
    audit.remember(session, by=by, deed=deed, now=now, of=subject.reference, patient=subject.ref)
    found = [Document(*row) for row in rows]
    late = any(one.scan is Scan.WAITING and one.created_at < now - LATE for one in found)
    return subject, Documents(found[:PAGE], len(found) > PAGE, late)


def find_document(
    session: Session,
    *,
    by: Actor,
    deed: Deed,
    patient_ref: str,
    ref: str,
    hospital: Hospital,
    now: datetime,
) -> tuple[Subject, Document]:
    """The patient's document with this reference, if `by` may do `deed` to it; raises `NotFound`."""
    subject = find_patient(session, by=by, deed=deed, ref=patient_ref, hospital=hospital, now=now)
    values = scope.parameters(by, hospital, now) | {"patient_id": subject.id, "ref": ref}
    row = session.execute(_found(require(by, deed)), values).one_or_none()
    if row is None:
        raise NotFound
    return subject, Document(*row)


def open_document(
    session: Session,
    *,
    by: Actor,
    deed: Deed,
    patient_ref: str,
    ref: str,
    hospital: Hospital,
    now: datetime,
    **detail: object,
) -> tuple[Subject, Document]:
    """As `find_document`, with its entry in the audit trail; `detail` says what was opened of it."""
    subject, document = find_document(
        session, by=by, deed=deed, patient_ref=patient_ref, ref=ref, hospital=hospital, now=now
    )
    audit.remember(
        session, by=by, deed=deed, now=now, of=document.reference, patient=subject.ref, **detail
    )
    return subject, document
