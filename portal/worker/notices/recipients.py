"""To whom a notice goes.

An adult's goes to the e-mail address in the record, a child's to the accounts that act for the
child. Where the first is missing, the other takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from portal.hospital import Hospital
from portal.models import Account, NoticeDelivery, Patient, RelatedPerson, Relationship
from portal.worker.notices.due import Due

_ACTING = (
    select(Account.ref, Account.email, RelatedPerson.relationship_kind)
    .join(RelatedPerson, RelatedPerson.account_id == Account.id)
    .where(
        RelatedPerson.patient_id == bindparam("patient_id"),
        RelatedPerson.ended_at.is_(None),
        or_(RelatedPerson.ends_on.is_(None), RelatedPerson.ends_on > bindparam("today")),
        Account.disabled_at.is_(None),
    )
    .order_by(RelatedPerson.id)
)
_SERVED = select(NoticeDelivery.recipient).where(NoticeDelivery.notice_id == bindparam("notice_id"))


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where one message goes. `acts_for_somebody`: it is not about the reader's own appointment."""

    reference: str
    address: str
    acts_for_somebody: bool


def recipients(
    session: Session, due: Due, hospital: Hospital, now: datetime
) -> Sequence[Recipient]:
    """Everybody who is to be told, each address once; nobody for a patient who has died."""
    if due.deceased_on is not None:
        return []
    child = _is_child(due.birth_date, hospital, now)
    record = _by_record(due, child=child)
    acting = _acting(session, due.patient_id, hospital.today(now))
    return (acting or record) if child else (record or acting)


def served(session: Session, notice_id: int) -> frozenset[str]:
    """References of the recipients who were sent it already."""
    return frozenset(session.scalars(_SERVED, {"notice_id": notice_id}))


def _is_child(born: date, hospital: Hospital, now: datetime) -> bool:
    today = hospital.today(now)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age < hospital.child_proxy_ends_at_age


def _by_record(due: Due, *, child: bool) -> list[Recipient]:
    if not due.patient_email:
        return []
    return [Recipient(Patient.reference(due.patient_ref), due.patient_email, child)]


def _acting(session: Session, patient_id: int, today: date) -> list[Recipient]:
    rows = session.execute(_ACTING, {"patient_id": patient_id, "today": today})
    found: dict[str, Recipient] = {}
    for ref, email, relationship in rows:
        if email:
            acts = relationship is not Relationship.ONESELF
            found.setdefault(email.casefold(), Recipient(Account.reference(ref), email, acts))
    return list(found.values())
