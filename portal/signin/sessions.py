"""Sign-in sessions as rows: begun at the callback, read at each request, ended anywhere."""

import secrets
from datetime import datetime, timedelta

from flask_login import UserMixin
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from portal.access import STAFF, Actor, Role
from portal.hospital import Hospital
from portal.models import Account, SignInSession
from portal.models.base import Instant, table_of

SEEN_EVERY = timedelta(seconds=60)
"""How exact `last_seen_at` is: a write at each request would cost more than it tells."""

_account = table_of(Account)
_session = table_of(SignInSession)
_FIND = (
    select(
        _session.c.id,
        _session.c.ref,
        _session.c.last_seen_at,
        _session.c.idle_seconds,
        _session.c.expires_at,
        _session.c.needs_second_step,
        _account.c.id.label("account_id"),
        _account.c.ref.label("account_ref"),
        _account.c.name,
        _account.c.role_values,
        _account.c.practitioner_id,
    )
    .join(_account, _session.c.account_id == _account.c.id)
    .where(
        _session.c.token_hash == bindparam("token_hash"),
        _session.c.ended_at.is_(None),
        _session.c.expires_at > bindparam("now", type_=Instant()),
        _account.c.disabled_at.is_(None),
    )
)
_SEEN = (
    update(_session)
    .where(_session.c.id == bindparam("session_id"))
    .values(last_seen_at=bindparam("now", type_=Instant()))
)


class SignedIn(UserMixin):
    """What Flask-Login knows as the current user: the token of a session, and who acts in it."""

    def __init__(
        self,
        token: str,
        actor: Actor,
        ends_at: datetime,
        expires_at: datetime,
        *,
        needs_second_step: bool = False,
    ) -> None:
        self.id = token
        self.actor = actor
        self.ends_at = ends_at
        """When the session ends if nothing more is asked for."""
        self.expires_at = expires_at
        """When it ends whatever is asked for."""
        self.needs_second_step = needs_second_step
        """Nothing opens but the page on which it is set up."""

    @property
    def is_final(self) -> bool:
        """Nothing that is asked for can prolong it."""
        return bool(self.ends_at == self.expires_at)


def limits(roles: frozenset[Role], hospital: Hospital) -> tuple[timedelta, timedelta]:
    """Idle and absolute limit of a session."""
    if roles & STAFF:
        minutes, hours = hospital.staff_idle_minutes, hospital.staff_session_hours
    else:
        minutes, hours = hospital.patient_idle_minutes, hospital.patient_session_hours
    return timedelta(minutes=minutes), timedelta(hours=hours)


def begin(
    session: Session,
    account: Account,
    *,
    browser: str,
    hospital: Hospital,
    now: datetime,
    id_token: str | None = None,
    needs_second_step: bool = False,
) -> SignedIn:
    """Adds a session row for the account and returns the user to log in.

    `browser` is in plain words; `id_token` is kept until the session ends, if it is not too long.
    """
    token = secrets.token_urlsafe(32)
    idle, absolute = limits(account.roles, hospital)
    row = SignInSession(
        token_hash=SignInSession.hash_of(token),
        account_id=account.id,
        browser=browser,
        id_token=id_token if len(id_token or "") <= 4000 else None,
        created_at=now,
        last_seen_at=now,
        idle_seconds=int(idle.total_seconds()),
        expires_at=now + absolute,
        needs_second_step=needs_second_step,
    )
    session.add(row)
    session.flush()
    actor = _actor(account, row.ref)
    return SignedIn(
        token,
        actor,
        min(now + idle, row.expires_at),
        row.expires_at,
        needs_second_step=needs_second_step,
    )


def resume(session: Session, token: str, now: datetime, *, seen: bool = True) -> SignedIn | None:
    """Who holds the token, or None when it is unknown, ended, idle too long or expired.

    Being asked counts as activity unless `seen` is false.
    """
    row = session.execute(
        _FIND, {"token_hash": SignInSession.hash_of(token), "now": now}
    ).one_or_none()
    if row is None:
        return None
    idle, last_seen_at = timedelta(seconds=row.idle_seconds), row.last_seen_at
    if now - last_seen_at >= idle:
        return None
    if seen and now - last_seen_at > SEEN_EVERY:
        session.execute(_SEEN, {"session_id": row.id, "now": now})
        last_seen_at = now
    actor = Actor(
        account_id=row.account_id,
        ref=row.account_ref,
        name=row.name,
        roles=roles_from(row.role_values),
        practitioner_id=row.practitioner_id,
        session_ref=row.ref,
    )
    return SignedIn(
        token,
        actor,
        min(last_seen_at + idle, row.expires_at),
        row.expires_at,
        needs_second_step=bool(row.needs_second_step),
    )


def stay(session: Session, ref: str, now: datetime) -> datetime:
    """Counts as activity at this very moment; returns when the session ends from now on."""
    mine = SignInSession.ref == ref
    session.execute(
        update(SignInSession)
        .where(mine)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )
    idle, expires_at = session.execute(
        select(SignInSession.idle_seconds, SignInSession.expires_at).where(mine)
    ).one()
    return min(now + timedelta(seconds=idle), expires_at)


def roles_from(values: str) -> frozenset[Role]:
    return frozenset(Role(value) for value in values.split())


def _actor(account: Account, session_ref: str) -> Actor:
    return Actor(
        account_id=account.id,
        ref=account.ref,
        name=account.name,
        roles=account.roles,
        practitioner_id=account.practitioner_id,
        session_ref=session_ref,
    )
