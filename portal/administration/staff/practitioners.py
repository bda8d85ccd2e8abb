"""The practitioner behind a doctor's or nurse's account: one of the list, or a new one."""

from dataclasses import dataclass

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session

from portal.context import Context
from portal.errors import Unfit
from portal.models import Account, Location, Practitioner
from portal.schedules.practitioners.actions import (
    PractitionerFacts,
    add_clinics,
    add_practitioner,
)

NOT_FREE = "Choose a practitioner from the list; somebody else may have been linked to this one"
NEEDED = "A doctor or nurse needs a practitioner. Reload the page and choose one"
NO_CLINIC = "Choose at least one clinic for a new practitioner"
NO_SUCH_CLINIC = "Choose clinics from the list"


@dataclass(frozen=True, slots=True)
class PractitionerChoice:
    """`ref` of an existing practitioner, or the facts of a new one. The clinics are added to those they
    already have."""

    ref: str
    prefix: str
    given: str
    family: str
    specialty: str
    location_refs: frozenset[str]


def check(session: Session, choice: PractitionerChoice | None) -> PractitionerChoice:
    """The valid choice.

    Raises `Unfit` when none is chosen, when it already has an account, or for an unknown clinic.
    """
    if choice is None:
        raise Unfit("roles", NEEDED)
    known = select(Location.ref).where(Location.active, Location.ref.in_(choice.location_refs))
    if set(session.scalars(known)) != choice.location_refs:
        raise Unfit("locations", NO_SUCH_CLINIC)
    if not choice.ref and not choice.location_refs:
        raise Unfit("locations", NO_CLINIC)
    if choice.ref and not session.scalar(select(_free(choice.ref))):
        raise Unfit("practitioner", NOT_FREE)
    return choice


def keep(context: Context, choice: PractitionerChoice) -> int:
    """Adds or changes the practitioner and returns the row's id."""
    ref = choice.ref
    if not ref:
        facts = PractitionerFacts(
            choice.prefix, choice.given, choice.family, choice.specialty, choice.location_refs
        )
        ref = add_practitioner(context, facts)
    elif choice.location_refs:
        add_clinics(context, practitioner_ref=ref, location_refs=choice.location_refs)
    return context.session.scalars(select(Practitioner.id).where(Practitioner.ref == ref)).one()


def _free(ref: str) -> Exists:
    return exists().where(
        Practitioner.ref == ref,
        Practitioner.active,
        ~exists().where(Account.practitioner_id == Practitioner.id),
    )
