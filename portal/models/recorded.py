"""Shared columns of the clinical record, and the versions of its rows. Nothing is deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, Instant, Key, PrimaryKey, Ref, exact_text


class Recorded:
    """Who wrote the row, its version, and whether it was entered in error.

    `identifier_…` is the identifier in another system, for imported rows.
    """

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    encounter_id: Mapped[int | None] = mapped_column(Key, ForeignKey("encounter.id"))
    """The visit in which it was recorded, if any."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with each change. Forms contain it, so that nobody overwrites unseen changes."""
    recorded_at: Mapped[At]
    recorded_by: Mapped[str] = mapped_column(exact_text(20))
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[At]
    changed_by_name: Mapped[str] = mapped_column(String(200))
    error_at: Mapped[datetime | None] = mapped_column(Instant())
    """When it was marked as entered in error. Such a row is locked."""
    error_by_name: Mapped[str | None] = mapped_column(String(200))
    error_reason: Mapped[str | None] = mapped_column(String(500))
    identifier_system: Mapped[str | None] = mapped_column(exact_text(191))
    identifier_value: Mapped[str | None] = mapped_column(exact_text(128))


class RecordVersion(Base):
    """One version of a row of the record, as shown when it was saved."""

    __tablename__ = "record_version"
    __table_args__ = (
        UniqueConstraint("item_ref", "version"),
        Index(None, "patient_id"),
    )

    id: Mapped[PrimaryKey]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    item: Mapped[str] = mapped_column(exact_text(32))
    """The FHIR type: `AllergyIntolerance`, `Condition` …"""
    item_ref: Mapped[str] = mapped_column(exact_text(20))
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The saved content in words: field name → text."""
    at: Mapped[At]
    by_ref: Mapped[str] = mapped_column(exact_text(20))
    by_name: Mapped[str] = mapped_column(String(200))
