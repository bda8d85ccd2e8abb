"""Adding documents: a completely received file becomes a document when its row is added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import insert, select

from portal.access import Deed
from portal.context import Context
from portal.documents import rules
from portal.errors import NotFound, Refused
from portal.models import DocumentReference, Patient, new_ref
from portal.models.base import table_of
from portal.reach.lookup import Subject
from portal.shared_files import StoredFile
from portal.vocabulary import DocumentReferenceStatus, DocumentType, Origin, Scan, Thumbnail

_document = table_of(DocumentReference)
_INSERT = insert(_document)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """A completely received file: its kind by content, and its original name."""

    stored: StoredFile
    content_type: str
    name: str
    has_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """The form's fields about files that were sent together."""

    title: str
    type: DocumentType
    author: str
    created_on: date | None


class AlreadyThere(Refused):
    """The patient already has some of the files. `titles` by SHA-256."""

    def __init__(self, titles: dict[str, str]) -> None:
        super().__init__("This file is among the documents already.")
        self.titles = titles


def add(
    context: Context, *, patient_ref: str, files: Sequence[NewFile], facts: DocumentFacts
) -> list[str]:
    """Adds one document per file, to be scanned; returns their references.

    Raises `NotFound` when the actor may not see the patient, `AlreadyThere` when the patient has a document
    with the same content.
    """
    subject = context.find_patient(Deed.ADD_DOCUMENT, patient_ref)
    _hold(context, subject)
    _refuse_twins(context, subject, files)
    titles = rules.titles(facts.title, [file.name for file in files])
    said = _said(context, subject, facts)
    new = [said | _row(file, title) for file, title in zip(files, titles, strict=True)]
    context.session.execute(_INSERT, new)
    for row in new:
        context.remember(
            Deed.ADD_DOCUMENT,
            of=DocumentReference.reference(row["ref"]),
            patient=subject.ref,
            bytes=row["size"],
            type=facts.type.value,
        )
    return [row["ref"] for row in new]


def _hold(context: Context, subject: Subject) -> None:
    """Locks the patient, so that nobody merges the record or adds the same file before the commit."""
    held = select(Patient.id).where(Patient.id == subject.id, Patient.merged_into_id.is_(None))
    if context.session.scalar(held.with_for_update()) is None:
        raise NotFound


def _refuse_twins(context: Context, subject: Subject, files: Sequence[NewFile]) -> None:
    there = context.session.execute(
        select(_document.c.sha256, _document.c.title).where(
            _document.c.patient_id == subject.id,
            _document.c.sha256.in_([file.stored.sha256 for file in files]),
            _document.c.status == DocumentReferenceStatus.CURRENT,
            _document.c.scan != Scan.REJECTED,
        )
    ).all()
    if there:
        raise AlreadyThere({row.sha256: row.title for row in there})


def _said(context: Context, subject: Subject, facts: DocumentFacts) -> dict[str, Any]:
    """The columns with the same value for all documents of a form."""
    return {
        "patient_id": subject.id,
        "type": facts.type,
        "author": facts.author,
        "created_on": facts.created_on,
        "created_at": context.now,
        "origin": Origin.HOSPITAL if subject.acted_for_as is None else Origin.PATIENT,
        "added_by_id": context.by.account_id,
        "added_by_name": context.by.name,
        "due_at": context.now,
        "checked_at": context.now,
    }


def _row(file: NewFile, title: str) -> dict[str, Any]:
    """The columns of a single document."""
    return {
        "ref": new_ref(),
        "title": title,
        "content_type": file.content_type,
        "size": file.stored.size,
        "sha256": file.stored.sha256,
        "file_name": file.stored.name,
        "attachment_title": file.name,
        "thumbnail": Thumbnail.WAITING if file.has_picture else Thumbnail.NONE,
    }
