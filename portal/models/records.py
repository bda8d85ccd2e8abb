"""Encounter: visits here, and imported history."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.locations import Location
from portal.models.patients import Patient
from portal.models.practitioners import Practitioner
from portal.vocabulary import (
    EncounterStatus,
)


class Encounter(Base):
    """A visit of a patient. An appointment has at most one."""

    __tablename__ = "encounter"
    __table_args__ = (
        UniqueConstraint("identifier_system", "identifier_value"),
        Index(None, "patient_id", "started_at"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    practitioner_id: Mapped[int | None] = mapped_column(Key, ForeignKey("practitioner.id"))
    location_id: Mapped[int | None] = mapped_column(Key, ForeignKey("location.id"))
    appointment_id: Mapped[int | None] = mapped_column(
        Key, ForeignKey("appointment.id"), unique=True
    )
    status: Mapped[EncounterStatus] = mapped_column(enum_by_value(EncounterStatus))
    class_code: Mapped[str] = mapped_column(String(16))
    """HL7 v3 ActEncounterCode: AMB, EMER, IMP, VR …"""
    type_text: Mapped[str] = mapped_column(String(255), default="")
    reason_text: Mapped[str] = mapped_column(String(255), default="")
    started_at: Mapped[At]
    ended_at: Mapped[MaybeAt]
    signed_at: Mapped[MaybeAt]
    """When a signed note closed it. After that it accepts no entries, only amendments."""
    identifier_system: Mapped[str | None] = mapped_column(exact_text(191))
    identifier_value: Mapped[str | None] = mapped_column(exact_text(128))

    patient: Mapped[Patient] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    location: Mapped[Location | None] = relationship()
