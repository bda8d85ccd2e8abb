"""Sign-in sessions as rows: written at the callback, read by each request, ended from any browser."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, true, update
from sqlalchemy.orm import Session

from portal.access import Actor, Deed
from portal.accounts import sessions
from portal.context import Context
from portal.errors import NotFound
from portal.models import Account, Practitioner, SignInSession, roles_held
from portal.models.base import Instant, table_of
from portal.signin import own_account
from portal.signin.rechecking.rules import RECHECK_EVERY
from portal.signin.sessions.queries import id_token_of
from portal.signin.sessions.rules import ID_TOKEN_LENGTH, SignedIn, limits

SEEN_EVERY = timedelta(seconds=60)
"""The precision of `last_seen_at`. A write in each request would be too expensive."""

_account = table_of(Account)
_practitioner = table_of(Practitioner)
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
        func.coalesce(_practitioner.c.active, true()).label("at_work"),
    )
    .join(_account, _session.c.account_id == _account.c.id)
    .outerjoin(_practitioner, _practitioner.c.id == _account.c.practitioner_id)
    .where(
        _session.c.token_hash == bindparam("token_hash"),
        _session.c.ended_at.is_(None),
        _session.c.lapsed_at.is_(None),
        _account.c.disabled_at.is_(None),
    )
)
_LAPSED = (
    update(_session)
    .where(_session.c.id == bindparam("session_id"))
    .values(lapsed_at=bindparam("now", type_=Instant()))
)
_SEEN = (
    update(_session)
    .where(_session.c.id == bindparam("session_id"))
    .values(last_seen_at=bindparam("now", type_=Instant()))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """The facts of a new session besides its account."""

    browser: str
    """The browser in plain words."""
    id_token: str | None = None
    """Stored until the session ends, unless it is too long."""
    refresh_token: str | None = None
    """The encrypted refresh token, for rechecks at the provider."""
    needs_second_step: bool = False


def begin(context: Context, new: NewSession) -> SignedIn:
    """Adds a session row for the actor's account, and returns the user to log in."""
    token = secrets.token_urlsafe(32)
    idle, absolute = limits(context.by.roles, context.hospital)
    row = SignInSession(
        token_hash=SignInSession.hash_of(token),
        account_id=own_account.account_id(context),
        browser=new.browser,
        id_token=new.id_token if len(new.id_token or "") <= ID_TOKEN_LENGTH else None,
        created_at=context.now,
        last_seen_at=context.now,
        idle_seconds=int(idle.total_seconds()),
        expires_at=context.now + absolute,
        needs_second_step=new.needs_second_step,
        refresh_token=new.refresh_token,
        recheck_at=context.now + RECHECK_EVERY if new.refresh_token else None,
    )
    context.session.add(row)
    context.session.flush()
    return SignedIn(
        token,
        replace(context.by, session_ref=row.ref),
        min(context.now + idle, row.expires_at),
        row.expires_at,
        needs_second_step=new.needs_second_step,
    )


def resume(session: Session, token: str, now: datetime, *, seen: bool = True) -> SignedIn | None:
    """The owner of the token, or None if it is unknown, ended, idle for too long or expired.

    Counts as activity unless `seen` is false. Marks an expired session as ended; the caller commits.
    """
    row = session.execute(_FIND, {"token_hash": SignInSession.hash_of(token)}).one_or_none()
    if row is None:
        return None
    idle, last_seen_at = timedelta(seconds=row.idle_seconds), row.last_seen_at
    if now >= min(last_seen_at + idle, row.expires_at):
        session.execute(_LAPSED, {"session_id": row.id, "now": now})
        return None
    if seen and now - last_seen_at > SEEN_EVERY:
        session.execute(_SEEN, {"session_id": row.id, "now": now})
        last_seen_at = now
    actor = Actor(
        account_id=row.account_id,
        ref=row.account_ref,
        name=row.name,
        roles=roles_held(row.role_values, at_work=bool(row.at_work)),
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


def stay(context: Context) -> datetime:
    """Counts as activity. Returns the new end of the session."""
    mine = SignInSession.ref == context.by.session_ref
    context.session.execute(
        update(SignInSession)
        .where(mine)
        .values(last_seen_at=context.now)
        .execution_options(synchronize_session=False)
    )
    idle, expires_at = context.session.execute(
        select(SignInSession.idle_seconds, SignInSession.expires_at).where(mine)
    ).one()
    return min(context.now + timedelta(seconds=idle), expires_at)


def sign_out(context: Context) -> str | None:
    """Ends this session. Returns its ID token for the provider's logout."""
    hint = id_token_of(context)
    end_this(context)
    own_account.remember(context, Deed.SIGN_OUT)
    return hint


def end_this(context: Context) -> None:
    ref = str(context.by.session_ref)
    sessions.end(context.session, own_account.account_id(context), context.now, ref=ref)


def end_one(context: Context, ref: str) -> None:
    """Ends one of the actor's own sessions; raises `NotFound` when it is over or not theirs."""
    if not sessions.end(context.session, own_account.account_id(context), context.now, ref=ref):
        raise NotFound
    own_account.remember(context, Deed.END_OWN_SESSIONS)


def end_all(context: Context) -> str | None:
    """Ends all of the actor's sessions, including this one; returns this one's ID token."""
    hint = id_token_of(context)
    sessions.end(context.session, own_account.account_id(context), context.now)
    own_account.remember(context, Deed.END_OWN_SESSIONS)
    return hint
