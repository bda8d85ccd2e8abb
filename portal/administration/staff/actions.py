"""Members of staff: changing roles, disabling and enabling accounts, resetting passwords.

Each action changes Cognito first, then the portal's own rows in the caller's transaction. After a crash in
between, repeating the action completes it.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from portal.access import Deed, Role
from portal.accounts import sessions as sign_in_sessions
from portal.administration.staff import practitioners, rules
from portal.administration.staff.directory import Directory
from portal.administration.staff.practitioners import PractitionerChoice
from portal.administration.staff.queries import IS_STAFF
from portal.administration.staff.user_pool import HAS_PASSWORD, INVITED, UnknownUser
from portal.context import Context
from portal.errors import NotFound, Refused
from portal.models import Account, role_values
from portal.models.base import table_of
from portal.models.rows import columns, rows
from portal.seen import Seen

DISABLED = "This account is disabled. Enable it first."
NO_PASSWORD = "This person's password is not kept by the sign-in service, so it can't be reset."  # noqa: S105
OVERTAKEN = "Your own account was changed by another administrator. Nothing was done."


class Member(NamedTuple):
    id: int
    username: str | None
    subject: str
    email: str
    role_values: str
    practitioner_id: int | None
    disabled_at: datetime | None
    version: int


_PAIR = (
    select(*columns(Member, table_of(Account)))
    .where(Account.id.in_(bindparam("ids", expanding=True)))
    .order_by(Account.id)
    .with_for_update()
)


def change_roles(
    context: Context,
    *,
    account: Seen,
    roles: frozenset[Role],
    practitioner: PractitionerChoice | None,
    directory: Directory,
) -> None:
    """Gives the person exactly these roles; takes effect at once.

    `practitioner` is linked to a new doctor or nurse who has none yet; it may be None for others. Raises
    `ChangedMeanwhile`, or `Unfit` when a field is not valid.
    """
    context.require(Deed.MANAGE_STAFF)
    rules.require_roles(context.by, account.ref, roles)
    pool = directory.require_pool()
    target = _locked(context, account)
    becomes_clinical = rules.is_clinical(roles) and target.practitioner_id is None
    chosen = practitioners.check(context.session, practitioner) if becomes_clinical else None
    pool.set_roles(_username(target), roles, directory.role_of_group)
    values: dict[str, Any] = {"role_values": role_values(roles)}
    if chosen:
        values["practitioner_id"] = practitioners.keep(context, chosen)
    _update(context, target, **values)
    # A session with the former roles may lack the second step that the new roles need.
    sign_in_sessions.end(context.session, target.id, context.now)
    after = role_values(roles)
    _remember(context, account.ref, "change roles", before=target.role_values, after=after)


def disable(context: Context, *, account: Seen, directory: Directory) -> None:
    """Disables the account and ends all its sessions at once. Raises `ChangedMeanwhile`."""
    context.require(Deed.MANAGE_STAFF)
    rules.require_other(context.by, account.ref)
    target = _locked(context, account)
    if directory.pool:
        # A person who was deleted in Cognito can't sign in, so disabling the account here is enough.
        with suppress(UnknownUser):
            directory.pool.disable(_username(target))
    _update(context, target, disabled_at=context.now)
    sign_in_sessions.end(context.session, target.id, context.now)
    _remember(context, account.ref, "disable")


def enable(context: Context, *, account: Seen, directory: Directory) -> None:
    """Lets the person sign in again. Raises `ChangedMeanwhile`."""
    context.require(Deed.MANAGE_STAFF)
    target = _locked(context, account)
    if directory.pool:
        directory.pool.enable(_username(target))
    _update(context, target, disabled_at=None)
    _remember(context, account.ref, "enable")


def reset_password(context: Context, *, account: Seen, directory: Directory) -> bool:
    """Sends the invitation again if it was never used (returns True); otherwise resets the password.

    A reset also ends all sessions of the person. Raises `ChangedMeanwhile`.
    """
    context.require(Deed.MANAGE_STAFF)
    pool = directory.require_pool()
    target = _locked(context, account)
    if target.disabled_at is not None:
        raise Refused(DISABLED)
    user = pool.find(_username(target))
    if user.status == INVITED:
        pool.invite_again(target.email)
        _update(context, target)
        _remember(context, account.ref, "invite again")
        return True
    if user.status not in HAS_PASSWORD:
        raise Refused(NO_PASSWORD)
    pool.reset_password(user.username)
    pool.sign_out_everywhere(user.username)
    _update(context, target)
    sign_in_sessions.end(context.session, target.id, context.now)
    _remember(context, account.ref, "reset password")
    return False


def _locked(context: Context, account: Seen) -> Member:
    """The member of staff in the version that was shown, locked together with the administrator.

    If two administrators disable each other at the same moment, the lock makes the second wait and then be
    refused, so one administrator remains.
    """
    session, own_id = context.session, context.by.account_id
    target_id = session.scalar(select(Account.id).where(Account.ref == account.ref, IS_STAFF))
    if target_id is None:
        raise NotFound
    found = {row.id: row for row in rows(session, Member, _PAIR, {"ids": {target_id, own_id}})}
    own = found.get(own_id or 0)
    if not own or own.disabled_at or Role.ADMINISTRATOR.value not in own.role_values.split():
        raise Refused(OVERTAKEN)
    account.require(found[target_id].version)
    return found[target_id]


def _username(target: Member) -> str:
    """In a pool with sign-in by email, the username is the subject."""
    return target.username or target.subject


def _update(context: Context, target: Member, **values: object) -> None:
    context.session.execute(
        update(Account)
        .where(Account.id == target.id)
        .values(**values, version=target.version + 1)
        .execution_options(synchronize_session=False)
    )


def _remember(context: Context, ref: str, step: str, **detail: Any) -> None:
    context.remember(Deed.MANAGE_STAFF, of=Account.reference(ref), step=step, **detail)
