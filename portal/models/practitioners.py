"""Practitioners, and the clinics they work in."""

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Key, PrimaryKey, Ref, exact_text, table_of


class Practitioner(Base):
    __tablename__ = "practitioner"
    __table_args__ = (Index(None, "family", "given"),)

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    prefix: Mapped[str] = mapped_column(String(20), default="")
    given: Mapped[str] = mapped_column(String(100))
    family: Mapped[str] = mapped_column(String(100))
    specialty: Mapped[str] = mapped_column(String(100), default="")
    active: Mapped[bool] = mapped_column(default=True)

    locations: Mapped[list["PractitionerRole"]] = relationship(back_populates="practitioner")

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.prefix, self.given, self.family) if part)


_practitioner = table_of(Practitioner)
PRACTITIONER_NAME = func.trim(
    _practitioner.c.prefix + " " + _practitioner.c.given + " " + _practitioner.c.family
).label("practitioner")
"""`Practitioner.name` as one column, where a statement needs nothing else of the practitioner."""


class PractitionerIdentifier(Base):
    """An identifier that another system gave the practitioner (FHIR Practitioner.identifier)."""

    __tablename__ = "practitioner_identifier"
    __table_args__ = (Index(None, "practitioner_id"),)

    system: Mapped[str] = mapped_column(exact_text(191), primary_key=True)
    value: Mapped[str] = mapped_column(exact_text(128), primary_key=True)
    practitioner_id: Mapped[int] = mapped_column(
        Key, ForeignKey("practitioner.id", ondelete="CASCADE")
    )


class PractitionerRole(Base):
    """That a practitioner works in a clinic (FHIR PractitionerRole: practitioner, location)."""

    __tablename__ = "practitioner_role"
    __table_args__ = (Index(None, "location_id"),)

    practitioner_id: Mapped[int] = mapped_column(
        Key, ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True
    )
    location_id: Mapped[int] = mapped_column(
        Key, ForeignKey("location.id", ondelete="CASCADE"), primary_key=True
    )

    practitioner: Mapped[Practitioner] = relationship(back_populates="locations")
