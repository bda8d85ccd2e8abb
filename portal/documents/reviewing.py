"""Rejected and damaged files as an administrator sees them: what became of them, never whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, require
from portal.errors import NotFound
from portal.models import DocumentReference, Scan
from portal.models.base import table_of
from portal.shared_files import StoredFile

MOST = 100

Rows = Sequence[Row[*tuple[Any, ...]]]

_document = table_of(DocumentReference)
_FACTS = select(
    _document.c.ref,
    _document.c.content_type,
    _document.c.size,
    _document.c.created_at,
    _document.c.scan_result,
    _document.c.scanned_at,
    _document.c.damaged_at,
    _document.c.file_removed_at,
).limit(MOST)
_DAMAGED = _FACTS.where(_document.c.damaged_at.is_not(None)).order_by(_document.c.damaged_at)
_REJECTED = _FACTS.where(
    _document.c.scan == Scan.REJECTED, _document.c.file_removed_at.is_(None)
).order_by(_document.c.due_at.desc())
_WAITING = select(func.count(), func.min(_document.c.created_at)).where(
    _document.c.scan == Scan.WAITING
)


@dataclass(frozen=True, slots=True)
class Review:
    """What needs an administrator's eye. At most `MOST` rows of each kind."""

    damaged: Rows
    rejected: Rows
    waiting: int
    """Files that wait to be scanned…"""
    waiting_since: datetime | None
    """…and since when the first of them does."""


def review(session: Session, *, by: Actor, now: datetime) -> Review:
    require(by, Deed.REVIEW_FILES)
    waiting, since = session.execute(_WAITING).one()
    audit.remember(session, by=by, deed=Deed.REVIEW_FILES, now=now, step="list")
    return Review(session.execute(_DAMAGED).all(), session.execute(_REJECTED).all(), waiting, since)


def file_of(session: Session, *, by: Actor, ref: str) -> StoredFile:
    """The file of this document, to be looked at anew; raises `NotFound`."""
    require(by, Deed.REVIEW_FILES)
    row = session.execute(
        select(_document.c.file_name, _document.c.size, _document.c.sha256).where(
            _document.c.ref == ref
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return StoredFile(*row)
