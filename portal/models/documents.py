"""DocumentReference: a letter, a picture, a result from elsewhere, and the file behind it.

The row decides. A file is written whole under a name that nobody knows yet; it becomes a document in
the moment in which a row with that name is committed. So every row has its file, and a file without
a row is nobody's.
"""

from datetime import date
from enum import Enum

from sqlalchemy import Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.patients import Patient


class DocumentReferenceStatus(Enum):
    """http://hl7.org/fhir/R4/valueset-document-reference-status.html (the part that is used)"""

    CURRENT = "current"
    ENTERED_IN_ERROR = "entered-in-error"


class DocumentType(Enum):
    """The kinds that people choose from; `portal/fhir/documents.py` gives each its LOINC code."""

    LETTER = "letter"
    REFERRAL = "referral"
    DISCHARGE = "discharge"
    RESULT = "result"
    IMAGING = "imaging"
    PHOTO = "photo"
    PRESCRIPTION = "prescription"
    IMMUNIZATION = "immunization"
    CONSENT = "consent"
    OTHER = "other"


class Scan(Enum):
    """Whether the file may be opened: nobody may before it was found clean."""

    WAITING = "waiting"
    CLEAN = "clean"
    REJECTED = "rejected"
    """Kept apart for the administrator until it is removed; its sender is told why."""


class Thumbnail(Enum):
    WAITING = "waiting"
    MADE = "made"
    NONE = "none"
    """There is nothing to show in small: text, or a file that a picture can't be made of."""


class Origin(Enum):
    """From whose hands it came, which decides who may withdraw it."""

    PATIENT = "patient"
    """The patient, or somebody who acts for them."""
    HOSPITAL = "hospital"


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
    """From whom it is, as somebody wrote it down (FHIR DocumentReference.author.display)."""
    created_on: Mapped[date | None] = mapped_column(Date)
    """The date on the document itself (FHIR content.attachment.creation)."""
    created_at: Mapped[At]
    """When it was added (FHIR DocumentReference.date)."""
    origin: Mapped[Origin] = mapped_column(enum_by_value(Origin))
    added_by_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"))
    added_by_name: Mapped[str] = mapped_column(String(200))

    content_type: Mapped[str] = mapped_column(String(100))
    """What the file's content is, whatever its name says."""
    size: Mapped[int]
    """In bytes."""
    sha256: Mapped[str] = mapped_column(exact_text(64))
    file_name: Mapped[str] = mapped_column(exact_text(64), unique=True)
    """Its opaque name on the shared file system."""
    attachment_title: Mapped[str] = mapped_column(String(255))
    """The name that the file had where it came from, for people; it never touches a path."""

    scan: Mapped[Scan] = mapped_column(enum_by_value(Scan), default=Scan.WAITING)
    scan_result: Mapped[str | None] = mapped_column(String(200))
    """Why it was rejected, in plain words that name nobody."""
    scanned_at: Mapped[MaybeAt]
    thumbnail: Mapped[Thumbnail] = mapped_column(
        enum_by_value(Thumbnail), default=Thumbnail.WAITING
    )
    due_at: Mapped[At]
    """When a worker may take it next: for the scan, then for the thumbnail."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it. Only grows: it tells a late worker that its turn is over."""
    checked_at: Mapped[At]
    """When the file was last found to match its SHA-256; at first when it was received."""
    damaged_at: Mapped[MaybeAt]
    """When the file was found missing or changed. It is not served before it matches again."""
    file_removed_at: Mapped[MaybeAt]
    """When a rejected file was removed. The row stays."""

    withdrawn_at: Mapped[MaybeAt]
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(200))
    withdrawn_reason: Mapped[str | None] = mapped_column(String(500))

    patient: Mapped[Patient] = relationship()
    added_by: Mapped[Account | None] = relationship()
