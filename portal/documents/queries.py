"""The documents that the actor may see, and the one that a page is about. Each read adds an audit entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, select

from portal.access import CLINICIANS, Actor, Deed, Relation
from portal.context import Context
from portal.documents import rules
from portal.models import DocumentReference
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.reach import scope
from portal.reach.lookup import Subject
from portal.shared_files import StoredFile
from portal.vocabulary import DocumentReferenceStatus, DocumentType, Origin, Scan, Thumbnail

PAGE = 25
LATE = timedelta(minutes=15)
"""If a file waits longer than this for its scan, the scanner is unavailable."""

_document = table_of(DocumentReference)


def thumbnail_name(file_name: str) -> str:
    """The name of a stored file's thumbnail."""
    return f"thumbnails/{file_name[:2]}/{file_name}"


class Document(NamedTuple):
    """A document as pages show it. Its fields are those of `DocumentReference`."""

    id: int
    ref: str
    version: int
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
            self.scan,
            self.status,
            damaged=self.damaged_at is not None,
            clinician=subject.acted_for_as is None and by.is_any_of(CLINICIANS),
        )


@dataclass(frozen=True, slots=True)
class Documents:
    """One page of a patient's documents, newest first."""

    rows: Sequence[Document]
    more: bool
    late: bool
    """Whether one of them has waited too long for the scan."""


@cache
def _listed(relations: frozenset[Relation]) -> Select[Any]:
    return (
        select(*columns(Document, _document))
        .where(_document.c.patient_id == bindparam("patient_id"), scope.documents(relations))
        .order_by(_document.c.created_at.desc(), _document.c.id.desc())
        .limit(PAGE + 1)
        .offset(bindparam("skipped", type_=Integer()))
    )


@cache
def _found(relations: frozenset[Relation]) -> Select[Any]:
    return select(*columns(Document, _document)).where(
        _document.c.ref == bindparam("ref"),
        _document.c.patient_id == bindparam("patient_id"),
        scope.documents(relations),
    )


def documents_of(context: Context, *, patient_ref: str, page: int) -> tuple[Subject, Documents]:
    """The patient and their documents that the actor may see; `page` counts from 1."""
    subject = context.patient(Deed.SEE_DOCUMENTS, patient_ref)
    statement = _listed(context.require(Deed.SEE_DOCUMENTS))
    values = context.reach(patient_id=subject.id, skipped=PAGE * (page - 1))
    found = rows(context.session, Document, statement, values)
    oldest = context.now - LATE
    late = any(one.scan is Scan.WAITING and one.created_at < oldest for one in found)
    return subject, Documents(found[:PAGE], len(found) > PAGE, late)


def find_document(
    context: Context, deed: Deed, *, patient_ref: str, ref: str
) -> tuple[Subject, Document]:
    """The patient's document with this reference, if the actor may do `deed` to it."""
    subject = context.find_patient(deed, patient_ref)
    values = context.reach(patient_id=subject.id, ref=ref)
    statement = _found(context.require(deed))
    return subject, one_row(context.session, Document, statement, values)


def open_document(
    context: Context, deed: Deed, *, patient_ref: str, ref: str, **detail: object
) -> tuple[Subject, Document]:
    """As `find_document`, with an audit entry; `detail` says what was opened of it."""
    subject, document = find_document(context, deed, patient_ref=patient_ref, ref=ref)
    context.remember(deed, of=document.reference, patient=subject.ref, **detail)
    return subject, document
