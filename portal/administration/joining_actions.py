"""A new member of staff: an account in Cognito, one here, and for clinicians a practitioner.

Cognito is asked first and the portal's own rows are written last, in the caller's transaction. A
crash in between leaves nothing that could be used here, and doing the same again mends it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.access import Actor, Deed, Role, require
from portal.administration import practitioners, rules
from portal.administration.directory import Directory
from portal.administration.practitioners import PractitionerChoice
from portal.administration.user_pool import PoolUser, UserExists, UserPool
from portal.errors import Refused, Unfit
from portal.models import Account, new_ref, role_values

TAKEN = "Somebody with this e-mail address is a member of staff already"
A_PATIENTS = "This address belongs to a patient's account. Use the person's address at work"
NOT_ACCEPTED = "The sign-in service does not accept this address. Use another one"
UNCONFIRMED = (
    "Somebody registered with this address and never showed that it is theirs."
    " Use another address, or have that account removed at the sign-in service"
)


@dataclass(frozen=True, slots=True)
class NewMember:
    """What an administrator fills in; `practitioner` only matters for doctors and nurses."""

    name: str
    email: str
    roles: frozenset[Role]
    practitioner: PractitionerChoice


def create(
    session: Session, *, by: Actor, new: NewMember, directory: Directory, now: datetime
) -> str:
    """Makes the account, here and in Cognito, and returns its reference.

    Somebody who is in the pool but not here, as after a crash, is adopted. Raises `Unfit` when a
    field does not fit, `Unavailable` while Cognito is away.
    """
    require(by, Deed.MANAGE_STAFF)
    rules.require_roles(by, None, new.roles)
    pool = directory.require_pool()
    chosen = (
        practitioners.check(session, new.practitioner) if rules.is_clinical(new.roles) else None
    )
    user = _invited(pool, new)
    _require_nobodys(session, directory.issuer, user.subject)
    if not user.enabled:
        pool.enable(user.username)
    pool.set_roles(user.username, new.roles, directory.role_of_group)
    account = Account(
        ref=new_ref(),
        issuer=directory.issuer,
        subject=user.subject,
        username=user.username,
        name=new.name,
        email=new.email,
        role_values=role_values(new.roles),
        practitioner_id=practitioners.keep(session, chosen) if chosen else None,
        created_at=now,
    )
    session.add(account)
    session.flush()
    audit.remember(
        session,
        by=by,
        deed=Deed.MANAGE_STAFF,
        now=now,
        of=Account.reference(account.ref),
        step="create",
        roles=account.role_values,
    )
    return account.ref


def _invited(pool: UserPool, new: NewMember) -> PoolUser:
    try:
        return pool.invite(new.email, new.name)
    except UserExists:
        user = pool.find(new.email)
    except Refused:
        raise Unfit("email", NOT_ACCEPTED) from None
    if not user.email_verified:
        # Whoever registered it knows its password: it must not become a doctor's account.
        raise Unfit("email", UNCONFIRMED)
    return user


def _require_nobodys(session: Session, issuer: str, subject: str) -> None:
    roles = session.scalar(
        select(Account.role_values).where(Account.issuer == issuer, Account.subject == subject)
    )
    if roles is not None:
        raise Unfit("email", A_PATIENTS if roles in {"", Role.PATIENT.value} else TAKEN)
