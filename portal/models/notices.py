"""The outbox: what is to be told to patients and staff by e-mail, and to whom it was told already."""

from datetime import date
from typing import TypeAlias

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import vocabulary
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.scheduling import Appointment


class Notice(Base):
    """What an appointment calls for, once per occasion and sequence; or what an account is told, once
    per occasion and day. Written by `notices/outbox.py`."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("appointment_id", "occasion", "sequence"),
        UniqueConstraint("account_id", "occasion", "day"),
        Index(None, "state", "due_at"),
    )

    Occasion: TypeAlias = vocabulary.Occasion
    State: TypeAlias = vocabulary.NoticeState
    """The former names: they go when their last user has the vocabulary's."""

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    appointment_id: Mapped[int | None] = mapped_column(Key, ForeignKey("appointment.id"))
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"))
    day: Mapped[date | None] = mapped_column(Date)
    """What an account is told is of this day."""
    occasion: Mapped[vocabulary.Occasion] = mapped_column(enum_by_value(vocabulary.Occasion))
    sequence: Mapped[int]
    """The appointment's sequence when the notice was written; an older one is not sent."""
    state: Mapped[vocabulary.NoticeState] = mapped_column(
        enum_by_value(vocabulary.NoticeState), default=vocabulary.NoticeState.WAITING
    )
    due_at: Mapped[At]
    """When to send it next: the occasion's time, later the next retry or the end of a lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was taken for sending. It only grows, so a late worker notices that its turn is over."""
    last_error: Mapped[str | None] = mapped_column(String(200))
    """Why it was dropped or not sent, in plain words without names."""
    created_at: Mapped[At]
    sent_at: Mapped[MaybeAt]

    appointment: Mapped[Appointment | None] = relationship()


class NoticeDelivery(Base):
    """The mail service accepted a notice for one recipient, so a retry leaves them out."""

    __tablename__ = "notice_delivery"

    notice_id: Mapped[int] = mapped_column(Key, ForeignKey("notice.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    """A FHIR reference such as `Patient/3f…`; addresses are not copied here."""
    sent_at: Mapped[At]
