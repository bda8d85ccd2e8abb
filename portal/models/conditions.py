"""Condition (a problem), and the codes that problems can have."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, enum_by_value, exact_text
from portal.models.recorded import Recorded
from portal.vocabulary import ClinicalStatus, Severity, VerificationStatus


class Condition(Recorded, Base):
    __tablename__ = "patient_condition"
    __table_args__ = (
        UniqueConstraint("identifier_system", "identifier_value"),
        Index(None, "patient_id", "problem_key"),
    )

    name: Mapped[str] = mapped_column(String(255))
    problem_key: Mapped[str] = mapped_column(exact_text(64))
    """A key that is equal for all spellings of a name; see `portal/records/rules.py`."""
    code_system: Mapped[str | None] = mapped_column(exact_text(100))
    code: Mapped[str | None] = mapped_column(exact_text(32))
    """None for free text."""
    clinical_status: Mapped[ClinicalStatus] = mapped_column(enum_by_value(ClinicalStatus))
    verification_status: Mapped[VerificationStatus] = mapped_column(
        enum_by_value(VerificationStatus)
    )
    severity: Mapped[Severity | None] = mapped_column(enum_by_value(Severity))
    onset: Mapped[str] = mapped_column(exact_text(10), default="")
    """As precise as known: `2019`, `2019-05` or `2019-05-12`."""
    abatement: Mapped[str] = mapped_column(exact_text(10), default="")
    """When it was resolved, in the format of `onset`."""
    note: Mapped[str] = mapped_column(String(500), default="")


class ProblemCode(Base):
    """A code of ICD-10-CM. Loaded by `flask record load-problem-codes`."""

    __tablename__ = "problem_code"

    code: Mapped[str] = mapped_column(exact_text(10), primary_key=True)
    title: Mapped[str] = mapped_column(String(255))
    search_text: Mapped[str] = mapped_column(exact_text(300))
    """The title's words in lower case without accents, each after a space."""
