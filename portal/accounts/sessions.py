"""Sign-in sessions of an account: ending them, and finding the account of an expired one."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.access import Actor
from portal.models import Account, SignInSession
from portal.models.rows import changed

LATE = timedelta(hours=1)
"""How long after the end of a session its forms are still accepted."""


def end(session: Session, account_id: int, now: datetime, *, ref: str | None = None) -> int:
    """Ends the account's session `ref`, or all of them; returns how many were ended."""
    statement = (
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now, id_token=None, refresh_token=None, recheck_at=None)
        .execution_options(synchronize_session=False)
    )
    if ref is not None:
        statement = statement.where(SignInSession.ref == ref)
    return changed(session, statement)


def late_actor(session: Session, token: str, now: datetime) -> Actor | None:
    """The account of a session that expired by itself, at most an hour ago.

    None when somebody ended the session, when it had no second step yet, or when its account is disabled.
    """
    found = session.execute(
        select(Account, SignInSession.ref, SignInSession.idle_seconds, SignInSession.last_seen_at)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .where(
            SignInSession.token_hash == SignInSession.hash_of(token),
            SignInSession.ended_at.is_(None),
            SignInSession.needs_second_step.is_(False),
            SignInSession.expires_at > now - LATE,
            Account.disabled_at.is_(None),
        )
    ).one_or_none()
    if found is None:
        return None
    account, session_ref, idle_seconds, last_seen_at = found
    if now >= last_seen_at + timedelta(seconds=idle_seconds) + LATE:
        return None
    return account.actor(session_ref)
