"""A new member of staff: an account in Cognito, one here, and for clinicians a practitioner.

The account is made in Cognito first, then here in the caller's transaction. A crash in between leaves no
account that works in the portal, and repeating the action completes it.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import Deed, Role
from portal.administration.staff import practitioners, rules
from portal.administration.staff.directory import Directory
from portal.administration.staff.practitioners import PractitionerChoice
from portal.administration.staff.user_pool import PoolUser, UserExists, UserPool
from portal.context import Context
from portal.errors import Refused, Unfit
from portal.models import Account, new_ref, role_values

TAKEN = "Somebody with this email address is a member of staff already"
A_PATIENTS = "This address belongs to a patient's account. Use the person's address at work"
NOT_ACCEPTED = "The sign-in service does not accept this address. Use another one"
UNCONFIRMED = (
    "Somebody registered with this address but never confirmed it."
    " Use another address, or have that account removed at the sign-in service"
)


@dataclass(frozen=True, slots=True)
class NewMember:
    """What an administrator fills in; `practitioner` only matters for doctors and nurses."""

    name: str
    email: str
    roles: frozenset[Role]
    practitioner: PractitionerChoice


def create(context: Context, new: NewMember, directory: Directory) -> str:
    """Makes the account, here and in Cognito, and returns its reference.

    A person who is only in the pool, for example after a crash, gets an account here. Raises `Unfit`
    when a field is not valid, `Unavailable` while Cognito is away.
    """
    context.require(Deed.MANAGE_STAFF)
    rules.require_roles(context.by, None, new.roles)
    pool, session = directory.require_pool(), context.session
    clinical = rules.is_clinical(new.roles)
    chosen = practitioners.check(session, new.practitioner) if clinical else None
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
        practitioner_id=practitioners.keep(context, chosen) if chosen else None,
        created_at=context.now,
    )
    session.add(account)
    session.flush()
    of = Account.reference(account.ref)
    context.remember(Deed.MANAGE_STAFF, of=of, step="create", roles=account.role_values)
    return account.ref


def _invited(pool: UserPool, new: NewMember) -> PoolUser:
    try:
        return pool.invite(new.email, new.name)
    except UserExists:
        user = pool.find(new.email)
    except Refused:
        raise Unfit("email", NOT_ACCEPTED) from None
    if not user.email_verified:
        # Another person may have registered this address and know the password, so it must not become a
        # doctor's account.
        raise Unfit("email", UNCONFIRMED)
    return user


def _require_nobodys(session: Session, issuer: str, subject: str) -> None:
    roles = session.scalar(
        select(Account.role_values).where(Account.issuer == issuer, Account.subject == subject)
    )
    if roles is not None:
        raise Unfit("email", A_PATIENTS if roles in {"", Role.PATIENT.value} else TAKEN)
