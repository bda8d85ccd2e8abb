"""The practitioner behind a doctor's or nurse's account: one of the list, or a new one."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.errors import Unfit
from portal.models import Account, Location, Practitioner, PractitionerRole

NOT_FREE = "Choose a practitioner from the list; somebody else may have been linked to this one"
NEEDED = "A doctor or nurse needs a practitioner. Reload the page and choose one"
NO_CLINIC = "Choose at least one clinic for a new practitioner"
NO_SUCH_CLINIC = "Choose clinics from the list"


@dataclass(frozen=True, slots=True)
class PractitionerChoice:
    """`ref` of one that is there, or the facts of a new one; clinics are added to what they have."""

    ref: str
    prefix: str
    given: str
    family: str
    specialty: str
    location_refs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A choice that fits what is in the database. `practitioner_id` is None for a new one."""

    practitioner_id: int | None
    location_ids: frozenset[int]
    choice: PractitionerChoice


def check(session: Session, choice: PractitionerChoice | None) -> Chosen:
    """Raises `Unfit` when none is chosen, when it has an account already, or for a strange clinic."""
    if choice is None:
        raise Unfit("roles", NEEDED)
    location_ids = frozenset(
        session.scalars(
            select(Location.id).where(Location.active, Location.ref.in_(choice.location_refs))
        )
    )
    if len(location_ids) != len(choice.location_refs):
        raise Unfit("locations", NO_SUCH_CLINIC)
    if not choice.ref:
        if not location_ids:
            raise Unfit("locations", NO_CLINIC)
        return Chosen(None, location_ids, choice)
    practitioner_id = session.scalar(
        select(Practitioner.id).where(
            Practitioner.ref == choice.ref,
            Practitioner.active,
            ~exists().where(Account.practitioner_id == Practitioner.id),
        )
    )
    if practitioner_id is None:
        raise Unfit("practitioner", NOT_FREE)
    return Chosen(practitioner_id, location_ids, choice)


def keep(session: Session, chosen: Chosen) -> int:
    """Writes the practitioner's part and returns their id."""
    practitioner_id = chosen.practitioner_id or _new(session, chosen.choice)
    there = session.scalars(
        select(PractitionerRole.location_id).where(
            PractitionerRole.practitioner_id == practitioner_id
        )
    )
    session.add_all(
        PractitionerRole(practitioner_id=practitioner_id, location_id=location_id)
        for location_id in sorted(chosen.location_ids - set(there))
    )
    session.flush()
    return practitioner_id


def _new(session: Session, choice: PractitionerChoice) -> int:
    practitioner = Practitioner(
        prefix=choice.prefix,
        given=choice.given,
        family=choice.family,
        specialty=choice.specialty,
    )
    session.add(practitioner)
    session.flush()
    return practitioner.id
