"""Clinics (FHIR Location), and when they are open."""

from datetime import time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Key, PrimaryKey, Ref, Version, exact_text


class Location(Base):
    """A clinic (FHIR Location)."""

    __tablename__ = "location"

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    name: Mapped[str] = mapped_column(String(100), unique=True)
    phone: Mapped[str] = mapped_column(String(32), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[Version]
    """Grows with each change of the clinic or its hours."""

    hours: Mapped[list["LocationHours"]] = relationship(
        order_by="LocationHours.weekday, LocationHours.opens", cascade="all, delete-orphan"
    )


class LocationIdentifier(Base):
    """An identifier that another system gave the clinic (FHIR Location.identifier)."""

    __tablename__ = "location_identifier"
    __table_args__ = (Index(None, "location_id"),)

    system: Mapped[str] = mapped_column(exact_text(191), primary_key=True)
    value: Mapped[str] = mapped_column(exact_text(128), primary_key=True)
    location_id: Mapped[int] = mapped_column(Key, ForeignKey("location.id", ondelete="CASCADE"))


class LocationHours(Base):
    """When a clinic is open on a weekday (0 is Monday), in the hospital's local time."""

    __tablename__ = "location_hours"
    __table_args__ = (
        UniqueConstraint("location_id", "weekday", "opens"),
        CheckConstraint("opens < closes", name="ck_location_hours_order"),
    )

    id: Mapped[PrimaryKey]
    location_id: Mapped[int] = mapped_column(Key, ForeignKey("location.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
