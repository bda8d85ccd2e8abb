"""AuditEvent: who did what, to what, when. Append-only; no foreign keys, so it outlives its subjects."""

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, PrimaryKey, exact_text


class AuditEvent(Base):
    __tablename__ = "audit_event"
    __table_args__ = (
        Index(None, "patient_ref", "at"),
        Index(None, "actor_ref", "deed", "at"),
        Index(None, "at"),
    )

    id: Mapped[PrimaryKey]
    at: Mapped[At]
    actor_ref: Mapped[str] = mapped_column(exact_text(20))
    actor_name: Mapped[str] = mapped_column(String(200))
    actor_roles: Mapped[str] = mapped_column(String(100))
    session_ref: Mapped[str | None] = mapped_column(exact_text(20))
    deed: Mapped[str] = mapped_column(String(64))
    entity: Mapped[str | None] = mapped_column(exact_text(64))
    """A FHIR reference to what it was done to: `Patient/3f…`."""
    patient_ref: Mapped[str | None] = mapped_column(exact_text(20))
    """The patient concerned, for "who opened my record"."""
    detail: Mapped[dict[str, object] | None] = mapped_column(JSON)
