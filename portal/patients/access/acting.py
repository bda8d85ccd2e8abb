"""Linking an account to a patient; unique keys prevent duplicates."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.access import Deed
from portal.context import Context
from portal.errors import Refused
from portal.models import Patient, RelatedPerson
from portal.models.base import table_of
from portal.models.rows import changed
from portal.patients.access import rules
from portal.patients.access.queries import has_own_account
from portal.vocabulary import Relationship

OWN_ALREADY = "This account is linked to a record of its own already. Ask reception for help."
TAKEN = "This record is linked to an account already. Reception can end that link first."
TWICE = "This account acts for this person already."

_patient = table_of(Patient)
_related_person = table_of(RelatedPerson)


class Pair(NamedTuple):
    """An account and the patient that it acts for."""

    account_id: int
    patient_id: int

    @property
    def clauses(self) -> tuple[Any, Any]:
        return (
            _related_person.c.account_id == self.account_id,
            _related_person.c.patient_id == self.patient_id,
        )


def begin_acting(
    context: Context, *, pair: Pair, relationship: Relationship, ends_on: date | None
) -> RelatedPerson:
    """Adds the row; raises `Refused` with the reason when a unique key does not allow it."""
    session = context.session
    _close_what_is_over(context, pair)
    related = RelatedPerson(
        **pair._asdict(),
        relationship_kind=relationship,
        ends_on=ends_on,
        started_at=context.now,
    )
    try:
        with session.begin_nested():
            session.add(related)
            session.flush()
    except IntegrityError as fault:
        raise Refused(_reason(context, pair)) from fault
    return related


def follow_birth_date(context: Context, patient_id: int) -> int:
    """Recomputes the end of parents' and guardians' access from the birth date; returns how many changed.

    Call it after a birth date was corrected or imported, and after rows moved to another record.
    """
    born, ref = context.session.execute(
        select(_patient.c.birth_date, _patient.c.ref).where(_patient.c.id == patient_id)
    ).one()
    end = rules.birthday(born, context.hospital.child_proxy_ends_at_age)
    of_a_child = update(_related_person).where(
        _related_person.c.patient_id == patient_id,
        _related_person.c.relationship_kind.in_(rules.OF_A_CHILD),
        _related_person.c.ended_at.is_(None),
        _related_person.c.ends_on != end,
    )
    later = _related_person.c.version + 1
    count = changed(context.session, of_a_child.values(ends_on=end, version=later))
    if count:
        of = Patient.reference(ref)
        deed = Deed.CHANGE_PROXIES
        context.remember(deed, of=of, patient=ref, ends_on=end.isoformat(), proxies=count)
    return count


def _close_what_is_over(context: Context, pair: Pair) -> None:
    """Ends a parent's access that expired on a birthday, so that a carer's, for example, can begin."""
    over = update(_related_person).where(
        *pair.clauses,
        _related_person.c.ended_at.is_(None),
        _related_person.c.ends_on <= context.today,
    )
    ended = over.values(ended_at=context.now, version=_related_person.c.version + 1)
    context.session.execute(ended)


def _reason(context: Context, pair: Pair) -> str:
    twice = select(_related_person.c.id).where(*pair.clauses, _related_person.c.live == 1)
    if context.session.scalar(twice) is not None:
        return TWICE
    return TAKEN if has_own_account(context, pair.patient_id) else OWN_ALREADY
