"""Schedule, Slot and Appointment: the hospital's time."""

from datetime import date, time

from sqlalchemy import (
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    String,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, Version, enum_by_value
from portal.models.locations import Location
from portal.models.patients import Patient
from portal.models.practitioners import Practitioner
from portal.vocabulary import (
    AppointmentStatus,
    ExceptionKind,
    Mode,
    SlotStatus,
)


class Schedule(Base):
    """A weekly session of one practitioner in one clinic, in the hospital's local time."""

    __tablename__ = "schedule"
    __table_args__ = (
        Index(None, "practitioner_id", "weekday"),
        Index(None, "location_id", "weekday"),
        CheckConstraint("starts < ends", name="ck_schedule_order"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    practitioner_id: Mapped[int] = mapped_column(Key, ForeignKey("practitioner.id"))
    location_id: Mapped[int] = mapped_column(Key, ForeignKey("location.id"))
    weekday: Mapped[int]
    """0 is Monday, as `datetime.date.weekday`."""
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    slot_minutes: Mapped[int]
    mode: Mapped[Mode] = mapped_column(enum_by_value(Mode))
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    """The last valid day; None if open-ended."""
    version: Mapped[Version]
    """Grows with each change."""

    practitioner: Mapped[Practitioner] = relationship()
    location: Mapped[Location] = relationship()


class ScheduleException(Base):
    """Leave of a practitioner, a closure (one clinic, or all on a public holiday), an extra session."""

    __tablename__ = "schedule_exception"
    __table_args__ = (Index(None, "starts_at", "ends_at"),)

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    kind: Mapped[ExceptionKind] = mapped_column(enum_by_value(ExceptionKind))
    practitioner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("practitioner.id"))
    location_id: Mapped[int | None] = mapped_column(Key, ForeignKey("location.id"))
    """A closure without a location closes every clinic."""
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    slot_minutes: Mapped[int | None]
    """Only for an extra session, with `mode`."""
    mode: Mapped[Mode | None] = mapped_column(enum_by_value(Mode))
    reason: Mapped[str] = mapped_column(String(200))
    version: Mapped[Version]
    """Grows with each change."""

    practitioner: Mapped[Practitioner | None] = relationship()
    location: Mapped[Location | None] = relationship()


class Slot(Base):
    """A bookable time. `held_by_account_id` keeps it for one account until `held_until`."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("practitioner_id", "starts_at"),
        Index(None, "location_id", "status", "starts_at"),
        Index(None, "practitioner_id", "status", "starts_at"),
        Index(None, "status", "starts_at"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    practitioner_id: Mapped[int] = mapped_column(Key, ForeignKey("practitioner.id"))
    location_id: Mapped[int] = mapped_column(Key, ForeignKey("location.id"))
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    mode: Mapped[Mode] = mapped_column(enum_by_value(Mode))
    status: Mapped[SlotStatus] = mapped_column(enum_by_value(SlotStatus), default=SlotStatus.FREE)
    version: Mapped[Version]
    """Grows when its clinic, end or mode changes, but not when it is booked or held."""
    held_by_account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"))
    held_until: Mapped[MaybeAt]

    practitioner: Mapped[Practitioner] = relationship()
    location: Mapped[Location] = relationship()


class Appointment(Base):
    """A patient's time with a practitioner.

    Practitioner, clinic and time are copied here, so that the record stays correct when a schedule changes.
    `occupied_slot_id` is unique: the database decides who gets a slot.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        Index(None, "patient_id", "starts_at"),
        Index(None, "practitioner_id", "starts_at"),
        Index(None, "location_id", "starts_at"),
        Index(None, "slot_id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    slot_id: Mapped[int] = mapped_column(Key, ForeignKey("slot.id"))
    practitioner_id: Mapped[int] = mapped_column(Key, ForeignKey("practitioner.id"))
    location_id: Mapped[int] = mapped_column(Key, ForeignKey("location.id"))
    starts_at: Mapped[At]
    ends_at: Mapped[At]
    mode: Mapped[Mode] = mapped_column(enum_by_value(Mode))
    status: Mapped[AppointmentStatus] = mapped_column(enum_by_value(AppointmentStatus))
    reason: Mapped[str] = mapped_column(String(500), default="")
    """The reason in the patient's words; clinicians and the patient see it."""
    overbook_reason: Mapped[str | None] = mapped_column(String(500))
    """Set when it was overbooked on purpose."""
    cancel_reason: Mapped[str | None] = mapped_column(String(500))
    sequence: Mapped[int] = mapped_column(default=0)
    """Grows with each move or cancellation (RFC 5545 SEQUENCE)."""
    version: Mapped[Version]
    """Grows with each change, so that a form can't act on a state that its page did not show."""
    created_at: Mapped[At]
    updated_at: Mapped[At]
    occupied_slot_id: Mapped[int | None] = mapped_column(
        Key,
        Computed(
            "CASE WHEN status NOT IN ('cancelled', 'noshow') AND overbook_reason IS NULL"
            " THEN slot_id END",
            persisted=True,
        ),
        unique=True,
    )

    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    location: Mapped[Location] = relationship()
    slot: Mapped[Slot] = relationship()
