"""Notes (FHIR Composition): what was written about a visit, by whom, and whether it is signed."""

from sqlalchemy import Computed, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.vocabulary import CompositionStatus

NoteText = Text().with_variant(mysql.MEDIUMTEXT(), "mysql")
"""20,000 characters may be more bytes than MySQL's TEXT holds."""


class Note(Base):
    """A draft belongs to one author and one visit; a signed note never changes.

    `saved_window` and `saved_number` distinguish the saves of one open page from those of another.
    """

    __tablename__ = "note"
    __table_args__ = (
        UniqueConstraint("author_account_id", "draft_of"),
        Index(None, "patient_id", "written_at"),
        Index(None, "encounter_id"),
        Index(None, "amends_id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    encounter_id: Mapped[int] = mapped_column(Key, ForeignKey("encounter.id"))
    author_account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(String(200))
    author_role: Mapped[str] = mapped_column(String(40))
    status: Mapped[CompositionStatus] = mapped_column(enum_by_value(CompositionStatus))
    body: Mapped[str] = mapped_column(NoteText)
    version: Mapped[int] = mapped_column(default=1)
    saved_window: Mapped[str] = mapped_column(exact_text(32), default="")
    saved_number: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[At]
    """When it was begun. Signed notes are ordered by it."""
    saved_at: Mapped[At]
    signed_at: Mapped[MaybeAt]
    amends_id: Mapped[int | None] = mapped_column(Key, ForeignKey("note.id"))
    """The signed note that this one amends."""
    amendment_reason: Mapped[str | None] = mapped_column(String(500))
    draft_of: Mapped[int | None] = mapped_column(
        Key,
        Computed("CASE WHEN status = 'preliminary' THEN encounter_id END", persisted=True),
    )
