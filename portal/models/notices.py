"""The outbox: notices to send by e-mail, and the recipients who already have them."""

from datetime import date
from typing import TypeAlias

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import vocabulary
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.scheduling import Appointment


class Notice(Base):
    """A notice about an appointment, once per occasion and sequence; or to an account, once per occasion and
    day. Written by `notices/outbox.py`."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("appointment_id", "occasion", "sequence"),
        UniqueConstraint("account_id", "occasion", "day"),
        Index(None, "state", "due_at"),
    )

    Occasion: TypeAlias = vocabulary.Occasion
    State: TypeAlias = vocabulary.NoticeState
    """Former names, to be removed when nothing uses them."""

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    appointment_id: Mapped[int | None] = mapped_column(Key, ForeignKey("appointment.id"))
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"))
    day: Mapped[date | None] = mapped_column(Date)
    """The day of a notice to an account."""
    occasion: Mapped[vocabulary.Occasion] = mapped_column(enum_by_value(vocabulary.Occasion))
    sequence: Mapped[int]
    """The appointment's sequence when the notice was written; an older one is not sent."""
    state: Mapped[vocabulary.NoticeState] = mapped_column(
        enum_by_value(vocabulary.NoticeState), default=vocabulary.NoticeState.WAITING
    )
    due_at: Mapped[At]
    """When it is due: the occasion's time, later the next retry or the end of a lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was claimed for sending. It only grows, so a late worker notices that it has lost its
    claim."""
    last_error: Mapped[str | None] = mapped_column(String(200))
    """Why it was dropped or not sent, in plain words without names."""
    created_at: Mapped[At]
    sent_at: Mapped[MaybeAt]

    appointment: Mapped[Appointment | None] = relationship()


class NoticeDelivery(Base):
    """The mail service accepted a notice for this recipient, so a retry skips them."""

    __tablename__ = "notice_delivery"

    notice_id: Mapped[int] = mapped_column(Key, ForeignKey("notice.id"), primary_key=True)
    recipient: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    """A FHIR reference such as `Patient/3f…`; addresses are not copied here."""
    sent_at: Mapped[At]
