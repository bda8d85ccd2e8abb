"""DocumentReference: a letter, a picture or a result from elsewhere, with its file.

A file is first written completely under a new name, and becomes a document when a row with that name is
committed. So every row has its file, and a file without a row is no document.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import (
    At,
    Base,
    Key,
    MaybeAt,
    PrimaryKey,
    Ref,
    Version,
    enum_by_value,
    exact_text,
)
from portal.models.patients import Patient
from portal.vocabulary import (
    DocumentReferenceStatus,
    DocumentType,
    Origin,
    Scan,
    Thumbnail,
)


class DocumentReference(Base):
    __tablename__ = "document_reference"
    __table_args__ = (
        Index(None, "patient_id", "created_at"),
        Index(None, "patient_id", "sha256"),
        Index(None, "scan", "due_at"),
        Index(None, "thumbnail", "due_at"),
        Index(None, "checked_at"),
        Index(None, "damaged_at"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    status: Mapped[DocumentReferenceStatus] = mapped_column(
        enum_by_value(DocumentReferenceStatus), default=DocumentReferenceStatus.CURRENT
    )
    type: Mapped[DocumentType] = mapped_column(enum_by_value(DocumentType))
    title: Mapped[str] = mapped_column(String(200))
    """FHIR DocumentReference.description."""
    author: Mapped[str] = mapped_column(String(200), default="")
    """The author as typed (FHIR DocumentReference.author.display)."""
    created_on: Mapped[date | None] = mapped_column(Date)
    """The date on the document itself (FHIR content.attachment.creation)."""
    created_at: Mapped[At]
    """When it was added (FHIR DocumentReference.date)."""
    origin: Mapped[Origin] = mapped_column(enum_by_value(Origin))
    added_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"))
    added_by_name: Mapped[str] = mapped_column(String(200))

    content_type: Mapped[str] = mapped_column(String(100))
    """The kind of the file by its content, not by its name."""
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str] = mapped_column(exact_text(64))
    file_name: Mapped[str] = mapped_column(exact_text(64), unique=True)
    """Its opaque name on the shared file system."""
    attachment_title: Mapped[str] = mapped_column(String(255))
    """The original name of the file, only for display; no path contains it."""

    scan: Mapped[Scan] = mapped_column(enum_by_value(Scan), default=Scan.WAITING)
    scan_result: Mapped[str | None] = mapped_column(String(200))
    """Why it was rejected, in plain words without names."""
    scanned_at: Mapped[MaybeAt]
    thumbnail: Mapped[Thumbnail] = mapped_column(
        enum_by_value(Thumbnail), default=Thumbnail.WAITING
    )
    due_at: Mapped[At]
    """When a worker may claim it next: for the scan, then for the thumbnail."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker claimed it. It only grows, so a late worker notices that it has lost its claim."""
    checked_at: Mapped[At]
    """When the file last matched its SHA-256; initially when it was received."""
    damaged_at: Mapped[MaybeAt]
    """When the file was found missing or changed. It is not served until it matches again."""
    file_removed_at: Mapped[MaybeAt]
    """When a rejected file was removed. The row stays."""

    withdrawn_at: Mapped[MaybeAt]
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(200))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[Version]
    """Grows when it is withdrawn, and when its file is found damaged or intact again."""

    patient: Mapped[Patient] = relationship()
    added_by: Mapped[Account | None] = relationship()
