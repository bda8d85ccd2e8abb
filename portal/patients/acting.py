"""Binding an account to a patient; the unique keys decide."""

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.models import RelatedPerson, Relationship

OWN_ALREADY = "This account is linked to a record of its own already. Ask reception for help."
TAKEN = "This record is linked to an account already. Reception can end that link first."
TWICE = "This account acts for this person already."


def begin_acting(
    session: Session,
    *,
    account_id: int,
    patient_id: int,
    relationship: Relationship,
    ends_on: date | None,
    today: date,
    now: datetime,
) -> RelatedPerson:
    """Adds the row; raises `Refused` with the reason when a key says that it can't be."""
    _close_what_is_over(session, account_id, patient_id, today, now)
    related = RelatedPerson(
        account_id=account_id,
        patient_id=patient_id,
        relationship_kind=relationship,
        ends_on=ends_on,
        started_at=now,
    )
    try:
        with session.begin_nested():
            session.add(related)
            session.flush()
    except IntegrityError as fault:
        raise Refused(_reason(session, account_id, patient_id)) from fault
    return related


def has_own_account(session: Session, patient_id: int) -> bool:
    """Whether somebody signs in as this patient."""
    own = select(RelatedPerson.id).where(
        RelatedPerson.patient_id == patient_id, RelatedPerson.live_own == 1
    )
    return session.scalar(own) is not None


def _close_what_is_over(
    session: Session, account_id: int, patient_id: int, today: date, now: datetime
) -> None:
    """A parent's say that ended on a birthday makes room for a new one, such as a carer's."""
    session.execute(
        update(RelatedPerson)
        .where(
            RelatedPerson.account_id == account_id,
            RelatedPerson.patient_id == patient_id,
            RelatedPerson.ended_at.is_(None),
            RelatedPerson.ends_on <= today,
        )
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )


def _reason(session: Session, account_id: int, patient_id: int) -> str:
    twice = select(RelatedPerson.id).where(
        RelatedPerson.account_id == account_id,
        RelatedPerson.patient_id == patient_id,
        RelatedPerson.live == 1,
    )
    if session.scalar(twice) is not None:
        return TWICE
    return TAKEN if has_own_account(session, patient_id) else OWN_ALREADY
