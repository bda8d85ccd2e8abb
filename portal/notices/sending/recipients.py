"""The recipients of a notice.

An adult's notice goes to the email address in the record, a child's to the accounts that act for the child.
If one is missing, the other is used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, or_, select

from portal.context import Context
from portal.models import Account, NoticeDelivery, Patient, RelatedPerson
from portal.notices.sending.due import Due, DueToStaff
from portal.vocabulary import Relationship
from portal.words import months_between

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
    """The recipient of one message. `acts_for_somebody`: the appointment is not their own."""

    reference: str
    address: str
    acts_for_somebody: bool


def recipients(context: Context, due: Due | DueToStaff) -> Sequence[Recipient]:
    """All recipients, each address once; none for patients who have died or want no messages."""
    if isinstance(due, DueToStaff):
        own = Account.reference(due.account_ref)
        return [Recipient(own, due.email, acts_for_somebody=False)] if due.email else []
    if due.deceased_on is not None or due.do_not_contact:
        return []
    child = _is_child(context, due.birth_date)
    record, acting = _by_record(due, child=child), _acting(context, due.patient_id)
    return (acting or record) if child else (record or acting)


def served(context: Context, notice_id: int) -> frozenset[str]:
    """References of the recipients who have already got it."""
    return frozenset(context.session.scalars(_SERVED, {"notice_id": notice_id}))


def _is_child(context: Context, born: date) -> bool:
    months = months_between(born, context.today)
    return months < 12 * context.hospital.child_proxy_ends_at_age


def _by_record(due: Due, *, child: bool) -> list[Recipient]:
    if not due.patient_email:
        return []
    return [Recipient(Patient.reference(due.patient_ref), due.patient_email, child)]


def _acting(context: Context, patient_id: int) -> list[Recipient]:
    values = {"patient_id": patient_id, "today": context.today}
    rows = context.session.execute(_ACTING, values)
    found: dict[str, Recipient] = {}
    for ref, email, relationship in rows:
        if email:
            acts = relationship is not Relationship.ONESELF
            found.setdefault(email.casefold(), Recipient(Account.reference(ref), email, acts))
    return list(found.values())
