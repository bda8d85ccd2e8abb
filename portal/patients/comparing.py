"""Two records side by side, before they are merged; and the merges that a record has seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed
from portal.hospital import Hospital
from portal.models import Account, Appointment, Encounter, Patient, PatientMerge, RelatedPerson
from portal.models.lookup import Subject, find_patient
from portal.patients.queries import Rows, open_details

_DEED = Deed.MERGE_PATIENTS


@dataclass(frozen=True, slots=True)
class Side:
    """One of two records that are compared."""

    subject: Subject
    details: Row[*tuple[Any, ...]]
    appointments: int
    encounters: int
    own_account: str | None
    """The name on the account that signs in as this patient."""
    proxies: int


def compare(session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime) -> Side:
    """One side of the comparison; audited, raises `NotFound`."""
    subject, details = open_details(session, by=by, deed=_DEED, ref=ref, hospital=hospital, now=now)
    accounts = session.execute(
        select(Account.name, RelatedPerson.live_own)
        .join(RelatedPerson, RelatedPerson.account_id == Account.id)
        .where(RelatedPerson.patient_id == subject.id, RelatedPerson.ended_at.is_(None))
    ).all()
    own = [account.name for account in accounts if account.live_own]
    return Side(
        subject=subject,
        details=details,
        appointments=_count(session, Appointment, subject),
        encounters=_count(session, Encounter, subject),
        own_account=own[0] if own else None,
        proxies=len(accounts) - len(own),
    )


def _count(session: Session, kind: type[Appointment] | type[Encounter], subject: Subject) -> int:
    return session.scalar(select(func.count()).where(kind.patient_id == subject.id)) or 0


def merges_into(
    session: Session, *, by: Actor, ref: str, hospital: Hospital, now: datetime
) -> tuple[Subject, Rows]:
    """The patient and the records that were merged into theirs, the latest first."""
    subject = find_patient(session, by=by, deed=_DEED, ref=ref, hospital=hospital, now=now)
    merges = session.execute(
        select(
            PatientMerge.ref,
            PatientMerge.reason,
            PatientMerge.merged_at,
            PatientMerge.undone_at,
            Patient.given,
            Patient.family,
            Patient.birth_date,
            Patient.hospital_number,
        )
        .join(Patient, Patient.id == PatientMerge.merged_id)
        .where(PatientMerge.kept_id == subject.id)
        .order_by(PatientMerge.merged_at.desc())
    ).all()
    audit.remember(
        session,
        by=by,
        deed=_DEED,
        now=now,
        of=subject.reference,
        patient=subject.ref,
        opened="merges",
    )
    return subject, merges
