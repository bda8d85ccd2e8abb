"""Patients, their search terms, and who acts for them."""

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Computed,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
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
from portal.vocabulary import (
    AdministrativeGender,
    Relationship,
)


class Patient(Base):
    __tablename__ = "patient"
    __table_args__ = (
        Index(None, "family", "given", "id"),
        Index(None, "birth_date", "id"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    hospital_number: Mapped[str] = mapped_column(exact_text(10), unique=True)
    """Nine digits and a check digit; see `portal/patients/registration/rules.py`."""
    family: Mapped[str] = mapped_column(String(100))
    given: Mapped[str] = mapped_column(String(100))
    birth_date: Mapped[date] = mapped_column(Date)
    gender: Mapped[AdministrativeGender] = mapped_column(enum_by_value(AdministrativeGender))
    phone: Mapped[str | None] = mapped_column(String(32))
    email: Mapped[str | None] = mapped_column(String(254))
    address: Mapped[str | None] = mapped_column(String(500))
    language: Mapped[str] = mapped_column(String(16), default="en")
    """BCP 47 tag of the language that the patient prefers."""
    interpreter_needed: Mapped[bool] = mapped_column(
        Boolean(), default=False, server_default=false()
    )
    do_not_contact: Mapped[bool] = mapped_column(Boolean(), default=False, server_default=false())
    """The patient wants no messages: nothing is sent, and pages warn staff before they call."""
    emergency_name: Mapped[str | None] = mapped_column(String(200))
    emergency_relationship: Mapped[str | None] = mapped_column(String(100))
    emergency_phone: Mapped[str | None] = mapped_column(String(32))
    deceased_on: Mapped[date | None] = mapped_column(Date)
    merged_into_id: Mapped[int | None] = mapped_column(Key, ForeignKey("patient.id"))
    """Set while this record is merged away (FHIR Patient.link, type replaced-by)."""
    version: Mapped[int] = mapped_column(default=1)
    """Grows with each change. Forms contain it, so that nobody overwrites unseen changes."""
    created_at: Mapped[At]
    updated_at: Mapped[At]
    imported_at: Mapped[MaybeAt]
    """When an import last wrote the demographics; `updated_at` is later if they were changed here since."""

    merged_into: Mapped["Patient | None"] = relationship(remote_side="Patient.id")


class PatientSearchTerm(Base):
    """One folded word or number by which a patient is found; see `portal/patients/search/rules.py`."""

    __tablename__ = "patient_search_term"
    __table_args__ = (Index(None, "patient_id", "term"),)

    term: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    patient_id: Mapped[int] = mapped_column(
        Key, ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True
    )


class PatientIdentifier(Base):
    """An identifier that another system gave the patient (FHIR Patient.identifier)."""

    __tablename__ = "patient_identifier"
    __table_args__ = (Index(None, "patient_id"),)

    system: Mapped[str] = mapped_column(exact_text(191), primary_key=True)
    value: Mapped[str] = mapped_column(exact_text(128), primary_key=True)
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id", ondelete="CASCADE"))


class PatientMerge(Base):
    """A merge of two records of one person; `undone_at` is set when it was undone."""

    __tablename__ = "patient_merge"
    __table_args__ = (Index(None, "kept_id"), Index(None, "merged_id"))

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    kept_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    merged_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    reason: Mapped[str] = mapped_column(String(500))
    moved: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    """Keys of the rows that moved to the kept record, by table name, for undoing the merge."""
    ended: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Ids of the related persons that were ended, because the kept record already had them."""
    merged_at: Mapped[At]
    merged_by: Mapped[str] = mapped_column(exact_text(20))
    undone_at: Mapped[MaybeAt]
    undone_by: Mapped[str | None] = mapped_column(exact_text(20))

    kept: Mapped[Patient] = relationship(foreign_keys=kept_id)
    merged: Mapped[Patient] = relationship(foreign_keys=merged_id)


class RelatedPerson(Base):
    """An account that acts for a patient: the patient's own, a parent's, a carer's.

    `live` and `live_own` are 1 until the row has ended and NULL afterwards. So the unique keys link an
    account to a patient only once at a time, and allow an account one own record and a record one own
    account.
    """

    __tablename__ = "related_person"
    __table_args__ = (
        UniqueConstraint("account_id", "patient_id", "live"),
        UniqueConstraint("account_id", "live_own"),
        UniqueConstraint("patient_id", "live_own"),
        Index(None, "patient_id", "ended_at"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    relationship_kind: Mapped[Relationship] = mapped_column(enum_by_value(Relationship))
    ends_on: Mapped[date | None] = mapped_column(Date)
    """The first day after its end (a child's birthday), in the hospital's zone."""
    started_at: Mapped[At]
    ended_at: Mapped[MaybeAt]
    version: Mapped[Version]
    """Grows with each change."""
    live: Mapped[int | None] = mapped_column(
        Computed("CASE WHEN ended_at IS NULL THEN 1 END", persisted=True)
    )
    live_own: Mapped[int | None] = mapped_column(
        Computed(
            "CASE WHEN ended_at IS NULL AND relationship_kind = 'oneself' THEN 1 END",
            persisted=True,
        )
    )

    account: Mapped[Account] = relationship()
    patient: Mapped[Patient] = relationship()


class AccountCode(Base):
    """A one-time code from reception that links an account to a patient's record.

    Only a keyed hash is stored. A proxy's code contains the relationship that it grants.
    """

    __tablename__ = "account_code"
    __table_args__ = (Index(None, "patient_id"),)

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    patient_id: Mapped[int] = mapped_column(Key, ForeignKey("patient.id"))
    code_hash: Mapped[str] = mapped_column(exact_text(64), unique=True)
    relationship_kind: Mapped[Relationship] = mapped_column(enum_by_value(Relationship))
    created_at: Mapped[At]
    expires_at: Mapped[At]
    used_at: Mapped[MaybeAt]

    patient: Mapped[Patient] = relationship()
