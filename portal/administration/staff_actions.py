"""Members of staff: given other roles, disabled, enabled, their passwords reset.

Cognito is asked first and the portal's own rows are written last, in the caller's transaction. A
crash in between is mended by doing the same again.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from portal import audit, sign_in_sessions
from portal.access import Actor, Deed, Role, require
from portal.administration import practitioners, rules
from portal.administration.directory import Directory
from portal.administration.practitioners import PractitionerChoice
from portal.administration.staff_queries import IS_STAFF
from portal.administration.user_pool import HAS_PASSWORD, INVITED, UnknownUser
from portal.errors import NotFound, Refused
from portal.models import Account, role_values

DISABLED = "This account is disabled. Enable it first."
NO_PASSWORD = "This person's password is not kept by the sign-in service, so it can't be reset."  # noqa: S105
OVERTAKEN = "Your own account was changed by another administrator. Nothing was done."


_PAIR: Select[*tuple[Any, ...]] = (
    select(
        Account.id,
        Account.username,
        Account.subject,
        Account.email,
        Account.role_values,
        Account.practitioner_id,
        Account.disabled_at,
    )
    .where(Account.id.in_(bindparam("ids", expanding=True)))
    .order_by(Account.id)
    .with_for_update()
)


def change_roles(
    session: Session,
    *,
    by: Actor,
    ref: str,
    roles: frozenset[Role],
    practitioner: PractitionerChoice | None,
    directory: Directory,
    now: datetime,
) -> None:
    """Gives exactly these roles, from this moment on.

    Whoever becomes a doctor or nurse and is no practitioner yet is linked to `practitioner`, which
    may be None for others. Raises `Unfit` when a field does not fit.
    """
    require(by, Deed.MANAGE_STAFF)
    rules.require_roles(by, ref, roles)
    pool = directory.require_pool()
    target = _locked(session, by, ref)
    becomes_clinical = rules.is_clinical(roles) and target.practitioner_id is None
    chosen = practitioners.check(session, practitioner) if becomes_clinical else None
    pool.set_roles(_username(target), roles, directory.role_of_group)
    values: dict[str, Any] = {"role_values": role_values(roles)}
    if chosen:
        values["practitioner_id"] = practitioners.keep(session, chosen)
    _update(session, target, **values)
    before = target.role_values
    _remember(session, by, ref, now, step="change roles", before=before, after=role_values(roles))


def disable(session: Session, *, by: Actor, ref: str, directory: Directory, now: datetime) -> None:
    """Keeps the person out, and ends at once whatever they are signed in to."""
    require(by, Deed.MANAGE_STAFF)
    rules.require_other(by, ref)
    target = _locked(session, by, ref)
    if directory.pool:
        # Whom Cognito does not know any more can't sign in there, and need not stay here.
        with suppress(UnknownUser):
            directory.pool.disable(_username(target))
    _update(session, target, disabled_at=now)
    sign_in_sessions.end(session, target.id, now)
    _remember(session, by, ref, now, step="disable")


def enable(session: Session, *, by: Actor, ref: str, directory: Directory, now: datetime) -> None:
    """Lets the person sign in again."""
    require(by, Deed.MANAGE_STAFF)
    target = _locked(session, by, ref)
    if directory.pool:
        directory.pool.enable(_username(target))
    _update(session, target, disabled_at=None)
    _remember(session, by, ref, now, step="enable")


def reset_password(
    session: Session, *, by: Actor, ref: str, directory: Directory, now: datetime
) -> bool:
    """Sends the invitation again (True) to whoever never used it; else resets the password.

    A reset also ends whatever the person is signed in to.
    """
    require(by, Deed.MANAGE_STAFF)
    pool = directory.require_pool()
    target = _locked(session, by, ref)
    if target.disabled_at is not None:
        raise Refused(DISABLED)
    user = pool.find(_username(target))
    if user.status == INVITED:
        pool.invite_again(target.email)
        _remember(session, by, ref, now, step="invite again")
        return True
    if user.status not in HAS_PASSWORD:
        raise Refused(NO_PASSWORD)
    pool.reset_password(user.username)
    pool.sign_out_everywhere(user.username)
    sign_in_sessions.end(session, target.id, now)
    _remember(session, by, ref, now, step="reset password")
    return False


def _locked(session: Session, by: Actor, ref: str) -> Row[*tuple[Any, ...]]:
    """The member of staff, locked together with the administrator.

    Two administrators who disable each other at the same moment come one after the other, and the
    second is refused: somebody must be left.
    """
    target_id = session.scalar(select(Account.id).where(Account.ref == ref, IS_STAFF))
    if target_id is None:
        raise NotFound
    pair = {"ids": {target_id, by.account_id}}
    rows = {row.id: row for row in session.execute(_PAIR, pair)}
    own, target = rows[by.account_id], rows[target_id]
    if own.disabled_at is not None or Role.ADMINISTRATOR.value not in own.role_values.split():
        raise Refused(OVERTAKEN)
    return target


def _username(target: Row[*tuple[Any, ...]]) -> str:
    """In a pool that signs people in by e-mail, the username is the subject."""
    return str(target.username or target.subject)


def _update(session: Session, target: Row[*tuple[Any, ...]], **values: object) -> None:
    session.execute(
        update(Account)
        .where(Account.id == target.id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _remember(session: Session, by: Actor, ref: str, now: datetime, **detail: str) -> None:
    reference = Account.reference(ref)
    audit.remember(
        session, by=by, deed=Deed.MANAGE_STAFF, now=now, of=reference, patient=None, **detail
    )
