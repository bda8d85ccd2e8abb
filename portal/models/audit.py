"""AuditEvent: who did what, to what, when.

AuditSeal: proof that nothing was changed since. Append-only and without foreign keys, so that the entries can
outlive the rows they are about.
"""

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, Key, PrimaryKey, exact_text


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
    """A FHIR reference to the row concerned: `Patient/3f…`."""
    patient_ref: Mapped[str | None] = mapped_column(exact_text(20))
    """The patient concerned, for "who opened my record"."""
    detail: Mapped[dict[str, object] | None] = mapped_column(JSON)


class AuditSeal(Base):
    """A run of entries under one digest, chained to the seal before. Only the worker writes it."""

    __tablename__ = "audit_seal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 …: two workers can't both write the next one."""
    first_event_id: Mapped[int] = mapped_column(Key)
    last_event_id: Mapped[int] = mapped_column(Key)
    missing: Mapped[list[list[int]]] = mapped_column(JSON)
    """Ranges of ids (first and last) in the run without an entry: their transactions were rolled back or
    still open.
    """
    late: Mapped[list[int]] = mapped_column(JSON)
    """Ids missing in earlier seals whose entries were committed later; this digest covers them."""
    digest: Mapped[str] = mapped_column(exact_text(64))
    signature: Mapped[str] = mapped_column(exact_text(64))
    sealed_at: Mapped[At]
