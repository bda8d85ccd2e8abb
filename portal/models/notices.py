"""The outbox: what is to be told to patients by e-mail, and to whom it was told already."""

from enum import Enum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.scheduling import Appointment


class Notice(Base):
    """What an appointment calls for, once per occasion and sequence. Written by `portal/outbox.py`."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("appointment_id", "occasion", "sequence"),
        Index(None, "state", "due_at"),
    )

    class Occasion(Enum):
        BOOKED = "booked"
        MOVED = "moved"
        CANCELLED = "cancelled"
        REMINDER = "reminder"

    class State(Enum):
        WAITING = "waiting"
        SENDING = "sending"
        """A worker has it until `due_at`; after that any worker may take it again."""
        SENT = "sent"
        DROPPED = "dropped"
        """Overtaken by a later change, or nobody to send it to."""
        FAILED = "failed"
        """Given up after the last retry; an administrator sees it and may send it again."""

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    appointment_id: Mapped[int] = mapped_column(Key, ForeignKey("appointment.id"))
    occasion: Mapped[Occasion] = mapped_column(enum_by_value(Occasion))
    sequence: Mapped[int]
    """The appointment's sequence when the notice was written; an older one is not sent."""
    state: Mapped[State] = mapped_column(enum_by_value(State), default=State.WAITING)
    due_at: Mapped[At]
    """When to send it next: the occasion's time, later the next retry or the end of a lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken for sending. Only grows: it tells a late worker that its turn is over."""
    last_error: Mapped[str | None] = mapped_column(String(200))
    """Why it was dropped or did not go, in plain words that name nobody."""
    created_at: Mapped[At]
    sent_at: Mapped[MaybeAt]

    appointment: Mapped[Appointment] = relationship()


class NoticeDelivery(Base):
    """That the mail service took a notice for one recipient, so that a retry leaves them out."""

    __tablename__ = "notice_delivery"

    notice_id: Mapped[int] = mapped_column(Key, ForeignKey("notice.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    """A FHIR reference such as `Patient/3f…`; addresses stay where they are kept already."""
    sent_at: Mapped[At]
