"""Observation, and the panel of observations that were made together: vital signs, a laboratory report."""

from sqlalchemy import Computed, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import (
    At,
    Base,
    Key,
    MaybeAt,
    PrimaryKey,
    Ref,
    Version,
    enum_by_value,
    exact_text,
)
from portal.models.recorded import Recorded
from portal.vocabulary import ObservationCategory


class ObservationPanel(Recorded, Base):
    """Observations that were measured together and are changed together."""

    __tablename__ = "observation_panel"
    __table_args__ = (
        UniqueConstraint("identifier_system", "identifier_value"),
        Index(None, "patient_id", "category", "effective_at"),
    )

    category: Mapped[ObservationCategory] = mapped_column(enum_by_value(ObservationCategory))
    title: Mapped[str] = mapped_column(String(200))
    effective_at: Mapped[At]
    """When it was measured."""
    note: Mapped[str] = mapped_column(String(500), default="")
    panel_key: Mapped[str | None] = mapped_column(exact_text(24))
    """The panel of a laboratory report in `portal/records/panels/rules.py`."""
    discussed_at: Mapped[MaybeAt]
    """When a clinician spoke with the patient about it, if the patient has chosen that."""
    discussed_by_name: Mapped[str | None] = mapped_column(String(200))


class Observation(Base):
    """One value, stored as typed, so that 72.50 stays 72.50."""

    __tablename__ = "observation"
    __table_args__ = (
        Index(None, "patient_id", "code", "effective_at"),
        Index(None, "panel_id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    panel_id: Mapped[int] = mapped_column(Key, ForeignKey("observation_panel.id"))
    code_system: Mapped[str] = mapped_column(exact_text(100))
    code: Mapped[str] = mapped_column(exact_text(32))
    name: Mapped[str] = mapped_column(String(255))
    comparator: Mapped[str] = mapped_column(exact_text(2), default="")
    value: Mapped[str] = mapped_column(exact_text(32), default="")
    """A number in decimal digits; empty for a result in words."""
    value_text: Mapped[str] = mapped_column(String(500), default="")
    unit: Mapped[str] = mapped_column(exact_text(32), default="")
    """UCUM."""
    effective_at: Mapped[At]
    error_at: Mapped[MaybeAt]
    """When it was removed from its panel, or its panel was marked as entered in error."""


class ResultHold(Base):
    """Holds one laboratory report back from the patient, with a reason and an end."""

    __tablename__ = "result_hold"
    __table_args__ = (UniqueConstraint("live"), Index(None, "panel_id"), Index(None, "patient_id"))

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    panel_id: Mapped[int] = mapped_column(Key, ForeignKey("observation_panel.id"))
    reason: Mapped[str] = mapped_column(String(500))
    held_at: Mapped[At]
    held_by: Mapped[str] = mapped_column(exact_text(20))
    held_by_name: Mapped[str] = mapped_column(String(200))
    ends_at: Mapped[At]
    ended_at: Mapped[MaybeAt]
    """When it was ended early or replaced by another hold."""
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[Version]
    live: Mapped[int | None] = mapped_column(
        Key, Computed("CASE WHEN ended_at IS NULL THEN panel_id END", persisted=True)
    )


class ResultWait(Base):
    """The patient's choice to see results only after a talk with a clinician."""

    __tablename__ = "result_wait"
    __table_args__ = (Index(None, "patient_id"),)

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    chosen_at: Mapped[At]
    """Reports recorded before are not affected."""
    chosen_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[MaybeAt]
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
