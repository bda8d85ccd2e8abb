"""A clinician's emergency access to the record of a person who is not their patient."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, Version, enum_by_value
from portal.vocabulary import ReviewOutcome


class EmergencyAccess(Base):
    """HIPAA 164.312(a)(2)(ii). For one account and one patient, until `ends_at`."""

    __tablename__ = "emergency_access"
    __table_args__ = (
        Index(None, "account_id", "patient_id", "ends_at"),
        Index(None, "patient_id"),
        Index(None, "outcome", "begun_at", "id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(500))
    begun_at: Mapped[At]
    ends_at: Mapped[At]
    outcome: Mapped[ReviewOutcome] = mapped_column(
        enum_by_value(ReviewOutcome), default=ReviewOutcome.WAITING
    )
    review_note: Mapped[str] = mapped_column(String(500), default="")
    reviewed_by_name: Mapped[str | None] = mapped_column(String(200))
    reviewed_at: Mapped[MaybeAt]
    version: Mapped[Version]
    """Grows with each review."""

    def holds_at(self, instant: datetime) -> bool:
        return self.begun_at <= instant < self.ends_at
