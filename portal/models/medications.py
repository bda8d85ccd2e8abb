"""MedicationRequest: the medicines of a patient, with start and end."""

from datetime import date

from sqlalchemy import Date, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, enum_by_value, exact_text
from portal.models.recorded import Recorded
from portal.vocabulary import AdministrationRoute


class MedicationRequest(Recorded, Base):
    """The dates determine whether it is current; see `portal/records/medications/rules.py`."""

    __tablename__ = "medication_request"
    __table_args__ = (
        UniqueConstraint("identifier_system", "identifier_value"),
        Index(None, "patient_id", "starts_on"),
    )

    medication: Mapped[str] = mapped_column(String(255))
    code_system: Mapped[str | None] = mapped_column(exact_text(100))
    code: Mapped[str | None] = mapped_column(exact_text(32))
    dose: Mapped[str] = mapped_column(String(100))
    route: Mapped[AdministrationRoute] = mapped_column(enum_by_value(AdministrationRoute))
    frequency: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    """The last day of taking it; None if it has no end."""
    note: Mapped[str] = mapped_column(String(500), default="")
    prescriber_name: Mapped[str] = mapped_column(String(200))
    allergy_reason: Mapped[str] = mapped_column(String(500), default="")
    """The reason for prescribing despite an allergy."""
    stopped_on: Mapped[date | None] = mapped_column(Date)
    """The first day without it; it may be in the future."""
    stopped_by_name: Mapped[str | None] = mapped_column(String(200))
    stop_reason: Mapped[str | None] = mapped_column(String(500))
