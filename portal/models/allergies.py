"""AllergyIntolerance, and the statement that there is none."""

from sqlalchemy import Computed, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, enum_by_value, exact_text
from portal.models.recorded import Recorded
from portal.vocabulary import AllergyCategory, ClinicalStatus, Severity, VerificationStatus


class AllergyIntolerance(Recorded, Base):
    """`active_substance` is the substance's key while the allergy is active: unique for a patient."""

    __tablename__ = "allergy_intolerance"
    __table_args__ = (
        UniqueConstraint("patient_id", "active_substance"),
        UniqueConstraint("identifier_system", "identifier_value"),
        Index(None, "patient_id", "recorded_at"),
        {"info": {"gives_way": "given_way_at"}},
    )

    substance: Mapped[str] = mapped_column(String(100))
    substance_key: Mapped[str] = mapped_column(exact_text(64))
    """A key that is equal for all spellings of a substance; see `portal/records/rules.py`."""
    category: Mapped[AllergyCategory] = mapped_column(enum_by_value(AllergyCategory))
    reaction: Mapped[str] = mapped_column(String(200), default="")
    severity: Mapped[Severity | None] = mapped_column(enum_by_value(Severity))
    verification_status: Mapped[VerificationStatus] = mapped_column(
        enum_by_value(VerificationStatus)
    )
    clinical_status: Mapped[ClinicalStatus] = mapped_column(enum_by_value(ClinicalStatus))
    onset: Mapped[str] = mapped_column(exact_text(10), default="")
    """As precise as known: `2019`, `2019-05` or `2019-05-12`."""
    note: Mapped[str] = mapped_column(String(500), default="")
    given_way_at: Mapped[MaybeAt]
    """Set while a merge has put the row aside, because the kept record has the same active allergy."""
    active_substance: Mapped[str | None] = mapped_column(
        exact_text(64),
        Computed(
            "CASE WHEN error_at IS NULL AND given_way_at IS NULL AND clinical_status = 'active'"
            " THEN substance_key END",
            persisted=True,
        ),
    )


class NoKnownAllergies(Base):
    """A statement that the patient has no allergies. Recording an allergy ends it."""

    __tablename__ = "no_known_allergies"
    __table_args__ = (
        UniqueConstraint("patient_id", "live"),
        {"info": {"gives_way": "given_way_at"}},
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    stated_at: Mapped[At]
    stated_by: Mapped[str] = mapped_column(exact_text(20))
    stated_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[MaybeAt]
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
    given_way_at: Mapped[MaybeAt]
    live: Mapped[int | None] = mapped_column(
        Computed("CASE WHEN ended_at IS NULL AND given_way_at IS NULL THEN 1 END", persisted=True)
    )
