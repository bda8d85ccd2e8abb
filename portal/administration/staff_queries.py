"""The members of staff, as an administrator sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Role, require
from portal.errors import NotFound
from portal.models import Account, Location, Practitioner, PractitionerRole

PAGE = 50

# Two values left out, so that the index of role_values serves: LIKE would read every patient's row.
IS_STAFF: ColumnElement[bool] = Account.role_values.not_in(["", Role.PATIENT.value])

_PATTERN = bindparam("pattern", type_=Account.name.type)
_MEMBERS: Select[*tuple[Any, ...]] = (
    select(
        Account.ref,
        Account.name,
        Account.email,
        Account.role_values,
        Account.practitioner_id,
        Account.disabled_at,
    )
    .where(
        IS_STAFF,
        or_(Account.name.like(_PATTERN, escape="!"), Account.email.like(_PATTERN, escape="!")),
    )
    .order_by(Account.name, Account.id)
    .limit(PAGE + 1)
    .offset(bindparam("skipped", type_=Integer()))
)
_MEMBER: Select[*tuple[Any, ...]] = (
    select(
        Account.ref,
        Account.name,
        Account.email,
        Account.role_values,
        Account.disabled_at,
        Account.created_at,
        Account.practitioner_id,
        Practitioner.prefix,
        Practitioner.given,
        Practitioner.family,
    )
    .outerjoin(Practitioner, Account.practitioner_id == Practitioner.id)
    .where(IS_STAFF, Account.ref == bindparam("ref"))
)
_CLINICS_OF = (
    select(Location.name)
    .join(PractitionerRole, PractitionerRole.location_id == Location.id)
    .where(PractitionerRole.practitioner_id == bindparam("practitioner_id"))
    .order_by(Location.name)
)
_UNLINKED = (
    select(Practitioner.ref, Practitioner.prefix, Practitioner.given, Practitioner.family)
    .where(
        Practitioner.active,
        ~exists().where(Account.practitioner_id == Practitioner.id),
    )
    .order_by(Practitioner.family, Practitioner.given, Practitioner.id)
)
_CLINICS = select(Location.ref, Location.name).where(Location.active).order_by(Location.name)


@dataclass(frozen=True, slots=True)
class Members:
    """One page of the list."""

    rows: Sequence[Row[*tuple[Any, ...]]]
    more: bool


def members(session: Session, *, by: Actor, name: str, page: int, now: datetime) -> Members:
    """Whose name or e-mail address holds `name`, alphabetically; `page` counts from 1."""
    require(by, Deed.MANAGE_STAFF)
    escaped = name.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    values = {"pattern": f"%{escaped}%", "skipped": PAGE * (page - 1)}
    rows = session.execute(_MEMBERS, values).all()
    audit.remember(session, by=by, deed=Deed.MANAGE_STAFF, now=now, step="list")
    return Members(rows[:PAGE], more=len(rows) > PAGE)


def member(session: Session, *, by: Actor, ref: str, now: datetime) -> Row[*tuple[Any, ...]]:
    """One member of staff; raises `NotFound`, for a patient's account too."""
    require(by, Deed.MANAGE_STAFF)
    row = session.execute(_MEMBER, {"ref": ref}).one_or_none()
    if row is None:
        raise NotFound
    reference = Account.reference(ref)
    audit.remember(session, by=by, deed=Deed.MANAGE_STAFF, now=now, of=reference, step="see")
    return row


def clinics_of(session: Session, practitioner_id: int | None) -> Sequence[str]:
    if practitioner_id is None:
        return []
    return session.scalars(_CLINICS_OF, {"practitioner_id": practitioner_id}).all()


def practitioners_without_account(session: Session) -> dict[str, str]:
    """Name by reference, for a choice."""
    return {
        row.ref: " ".join(part for part in (row.prefix, row.given, row.family) if part)
        for row in session.execute(_UNLINKED)
    }


def clinics(session: Session) -> dict[str, str]:
    """Name by reference, for a choice."""
    return {row.ref: row.name for row in session.execute(_CLINICS)}
