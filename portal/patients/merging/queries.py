"""Two records side by side before a merge, and the earlier merges of a record."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from portal.access import Deed
from portal.context import Context
from portal.models import Account, Appointment, Encounter, Patient, PatientMerge, RelatedPerson
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.patients.registration.queries import Kept, kept_of
from portal.reach.lookup import Subject
from portal.words import name_of

_patient, _merge = table_of(Patient), table_of(PatientMerge)


class Side(NamedTuple):
    """One of two records that are compared."""

    subject: Subject
    kept: Kept
    appointments: int
    encounters: int
    own_account: str | None
    """The name of the account that signs in as this patient."""
    proxies: int


class Merge(NamedTuple):
    """A merge of a record into another, with the name of the merged one."""

    ref: str
    reason: str
    merged_at: datetime
    undone_at: datetime | None
    given: str
    family: str
    birth_date: date
    hospital_number: str

    @property
    def name(self) -> str:
        return name_of(self.given, self.family)


_MERGES = (
    select(
        *columns(
            Merge,
            _merge,
            given=_patient.c.given,
            family=_patient.c.family,
            birth_date=_patient.c.birth_date,
            hospital_number=_patient.c.hospital_number,
        )
    )
    .join(_patient, _patient.c.id == _merge.c.merged_id)
    .where(_merge.c.kept_id == bindparam("patient_id", type_=_merge.c.kept_id.type))
    .order_by(_merge.c.merged_at.desc())
)


def compare(context: Context, *, patient_ref: str) -> Side:
    """One side of the comparison, with an audit entry; raises `NotFound`."""
    subject = context.patient(Deed.MERGE_PATIENTS, patient_ref)
    accounts = context.session.execute(
        select(Account.name, RelatedPerson.live_own)
        .join(RelatedPerson, RelatedPerson.account_id == Account.id)
        .where(RelatedPerson.patient_id == subject.id, RelatedPerson.ended_at.is_(None))
    ).all()
    own = [account.name for account in accounts if account.live_own]
    return Side(
        subject=subject,
        kept=kept_of(context, subject),
        appointments=_count(context, Appointment, subject),
        encounters=_count(context, Encounter, subject),
        own_account=own[0] if own else None,
        proxies=len(accounts) - len(own),
    )


def _count(context: Context, kind: type[Appointment | Encounter], subject: Subject) -> int:
    number = select(func.count()).where(kind.patient_id == subject.id)
    return context.session.scalar(number) or 0


def merges_into(context: Context, subject: Subject) -> list[Merge]:
    """The records that were merged into the record of a patient whom the caller has opened, latest first."""
    return rows(context.session, Merge, _MERGES, {"patient_id": subject.id})
