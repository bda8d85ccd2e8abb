"""Practitioners, and the clinics they work in."""

from sqlalchemy import Dialect, ForeignKey, Index, String, TypeDecorator, type_coerce
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.base import Base, Key, PrimaryKey, Ref, Version, exact_text, table_of
from portal.words import name_of


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
    version: Mapped[Version]
    """Grows with each change of the practitioner or their clinics."""

    locations: Mapped[list["PractitionerRole"]] = relationship(back_populates="practitioner")

    @property
    def name(self) -> str:
        return name_of(self.given, self.family, self.prefix)


SEPARATOR = "\n"
"""A separator that no name contains, because forms and the importer clean names to one line."""


class _JoinedName(TypeDecorator[str]):
    """Prefix, given and family name in one column; the result is formatted by `name_of`."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        prefix, given, family = value.split(SEPARATOR)
        return name_of(given, family, prefix)


_practitioner = table_of(Practitioner)
PRACTITIONER_NAME = type_coerce(
    _practitioner.c.prefix + SEPARATOR + _practitioner.c.given + SEPARATOR + _practitioner.c.family,
    _JoinedName(),
).label("practitioner")
"""`Practitioner.name` as one column, for statements that need nothing else of the practitioner."""


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
    """A clinic in which a practitioner works (FHIR PractitionerRole: practitioner, location)."""

    __tablename__ = "practitioner_role"
    __table_args__ = (Index(None, "location_id"),)

    practitioner_id: Mapped[int] = mapped_column(
        Key, ForeignKey("practitioner.id", ondelete="CASCADE"), primary_key=True
    )
    location_id: Mapped[int] = mapped_column(
        Key, ForeignKey("location.id", ondelete="CASCADE"), primary_key=True
    )

    practitioner: Mapped[Practitioner] = relationship(back_populates="locations")
