"""Rejected and damaged files for administrators: what happened, but not the patient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from portal.access import Deed
from portal.context import Context
from portal.models import DocumentReference
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows
from portal.shared_files import StoredFile
from portal.vocabulary import Scan

MOST = 100

_document = table_of(DocumentReference)


class ClosedFile(NamedTuple):
    """A document whose file can't be opened."""

    ref: str
    version: int
    content_type: str
    size: int
    created_at: datetime
    scan_result: str | None
    damaged_at: datetime | None


class _Stored(NamedTuple):
    file_name: str
    size: int
    sha256: str


_FILES = select(*columns(ClosedFile, _document))
_CLOSED = _FILES.limit(MOST)
_DAMAGED = _CLOSED.where(_document.c.damaged_at.is_not(None)).order_by(_document.c.damaged_at)
_REJECTED = _CLOSED.where(
    _document.c.scan == Scan.REJECTED, _document.c.file_removed_at.is_(None)
).order_by(_document.c.due_at.desc())
_WAITING = select(func.count(), func.min(_document.c.created_at)).where(
    _document.c.scan == Scan.WAITING
)
_STORED = select(*columns(_Stored, _document)).where(_document.c.ref == bindparam("ref"))


@dataclass(frozen=True, slots=True)
class Review:
    """The files that an administrator should review, at most `MOST` rows of each kind."""

    damaged: Sequence[ClosedFile]
    rejected: Sequence[ClosedFile]
    waiting: int
    """How many files wait to be scanned…"""
    waiting_since: datetime | None
    """…and since when the oldest of them has waited."""


def review(context: Context) -> Review:
    context.require(Deed.REVIEW_FILES)
    waiting, since = context.session.execute(_WAITING).one()
    damaged, rejected = (rows(context.session, ClosedFile, one) for one in (_DAMAGED, _REJECTED))
    context.remember(Deed.REVIEW_FILES, step="list")
    return Review(damaged, rejected, waiting, since)


def file_of(context: Context, ref: str) -> StoredFile:
    """The file of this document, for comparing it again; raises `NotFound`."""
    context.require(Deed.REVIEW_FILES)
    return StoredFile(*one_row(context.session, _Stored, _STORED, {"ref": ref}))


def closed_file(context: Context, ref: str) -> ClosedFile:
    context.require(Deed.REVIEW_FILES)
    return one_row(context.session, ClosedFile, _FILES.where(_document.c.ref == ref))
