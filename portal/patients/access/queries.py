"""The people who act for a patient, and the accounts that could."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select

from portal.access import Deed, Role
from portal.context import Context
from portal.errors import NotFound, Refused
from portal.models import Account, Patient, RelatedPerson
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.patients.search.rules import fold
from portal.reach.lookup import Subject
from portal.vocabulary import Relationship

NOBODY = (
    "We can't find this account. Check what you typed, or hand out a code"
    " that the person enters after they have signed in."
)
SEVERAL = "Several accounts have this email address. Enter the person's hospital number, or hand out a code."

_account, _related_person = table_of(Account), table_of(RelatedPerson)


class Proxy(NamedTuple):
    """A person who acts or acted for the patient; also the patient's own account."""

    ref: str
    version: int
    name: str
    relationship_kind: Relationship
    started_at: datetime
    ended_at: datetime | None
    ends_on: date | None
    over: bool


def proxies_of(context: Context, subject: Subject) -> list[Proxy]:
    """All people who act or acted for a patient whom the caller has opened, latest first."""
    table = _related_person
    over = or_(table.c.ended_at.is_not(None), table.c.ends_on <= context.today)
    found = (
        select(*columns(Proxy, table, name=_account.c.name, over=over))
        .join(_account, _account.c.id == table.c.account_id)
        .where(table.c.patient_id == subject.id)
        .order_by(table.c.started_at.desc(), table.c.id.desc())
    )
    return rows(context.session, Proxy, found)


def has_own_account(context: Context, patient_id: int) -> bool:
    """Whether this patient has an account."""
    own = select(_related_person.c.id).where(
        _related_person.c.patient_id == patient_id, _related_person.c.live_own == 1
    )
    return context.session.scalar(own) is not None


def find_account(context: Context, *, typed: str) -> Account:
    """The account of a patient with this email address, or of the patient with this number.

    Raises `Refused` when there is none or more than one.
    """
    context.require(Deed.CHANGE_PROXIES)
    found = select(Account).where(
        Account.disabled_at.is_(None), Account.role_values.contains(Role.PATIENT.value)
    )
    if "@" in typed:
        found = found.where(Account.email == typed)
    else:
        digits = "".join(sign for sign in fold(typed) if sign.isdigit())
        found = (
            found.join(RelatedPerson, RelatedPerson.account_id == Account.id)
            .join(Patient, Patient.id == RelatedPerson.patient_id)
            .where(RelatedPerson.live_own == 1, Patient.hospital_number == digits)
        )
    accounts = context.session.scalars(found.limit(2)).all()
    context.remember(Deed.CHANGE_PROXIES, accounts=len(accounts))
    if len(accounts) != 1:
        raise Refused(SEVERAL if accounts else NOBODY)
    return accounts[0]


def account_of(context: Context, *, account_ref: str) -> Account:
    """The patient's account with this reference; raises `NotFound`."""
    context.require(Deed.CHANGE_PROXIES)
    account = context.session.scalar(select(Account).where(Account.ref == account_ref))
    if account is None or account.disabled_at or Role.PATIENT not in account.roles:
        raise NotFound
    return account
