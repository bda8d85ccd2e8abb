"""The members of staff, as an administrator sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from portal import words
from portal.access import Deed, Role
from portal.context import Context
from portal.models import Account, Location, Practitioner, PractitionerRole
from portal.models.base import table_of
from portal.models.rows import columns, one_row, rows

PAGE = 50

# Excluding two values can use the index on role_values. LIKE would read every patient's row.
IS_STAFF: ColumnElement[bool] = Account.role_values.not_in(["", Role.PATIENT.value])

_PATTERN = bindparam("pattern", type_=Account.name.type)


class MemberRow(NamedTuple):
    ref: str
    name: str
    email: str
    role_values: str
    disabled_at: datetime | None


class Member(NamedTuple):
    ref: str
    name: str
    email: str
    role_values: str
    disabled_at: datetime | None
    created_at: datetime
    practitioner_id: int | None
    version: int
    prefix: str | None
    given: str | None
    family: str | None

    @property
    def practitioner(self) -> str:
        return words.name_of(self.given or "", self.family or "", self.prefix or "")


_account, _practitioner = table_of(Account), table_of(Practitioner)
_MEMBERS = (
    select(*columns(MemberRow, _account))
    .where(
        IS_STAFF,
        or_(Account.name.like(_PATTERN, escape="!"), Account.email.like(_PATTERN, escape="!")),
    )
    .order_by(Account.name, Account.id)
    .limit(PAGE + 1)
    .offset(bindparam("skipped", type_=Integer()))
)
_NAME = {name: _practitioner.c[name] for name in ("prefix", "given", "family")}
_MEMBER = (
    select(*columns(Member, _account, **_NAME))
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


@dataclass(frozen=True, slots=True)
class Members:
    """One page of the list."""

    rows: list[MemberRow]
    more: bool


def members(context: Context, name: str, page: int) -> Members:
    """Those whose name or email address contains `name`, in alphabetical order; `page` counts from 1."""
    context.require(Deed.MANAGE_STAFF)
    context.remember(Deed.MANAGE_STAFF, step="list")
    escaped = name.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    values = {"pattern": f"%{escaped}%", "skipped": PAGE * (page - 1)}
    found = rows(context.session, MemberRow, _MEMBERS, values)
    return Members(found[:PAGE], more=len(found) > PAGE)


def member(context: Context, ref: str) -> Member:
    """One member of staff; raises `NotFound`, for a patient's account too."""
    context.require(Deed.MANAGE_STAFF)
    found = one_row(context.session, Member, _MEMBER, {"ref": ref})
    context.remember(Deed.MANAGE_STAFF, of=Account.reference(ref), step="see")
    return found


def clinics_of(session: Session, practitioner_id: int | None) -> Sequence[str]:
    if practitioner_id is None:
        return []
    return session.scalars(_CLINICS_OF, {"practitioner_id": practitioner_id}).all()


def practitioners_without_account(session: Session) -> dict[str, str]:
    """Name by reference, for a choice."""
    found = session.execute(_UNLINKED)
    return {ref: words.name_of(given, family, prefix) for ref, prefix, given, family in found}
