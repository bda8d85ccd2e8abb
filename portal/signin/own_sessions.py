"""An account's sessions over all its browsers: a list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from portal.models import SignInSession
from portal.models.base import Instant

_OWN = (
    select(
        SignInSession.ref,
        SignInSession.browser,
        SignInSession.created_at,
        SignInSession.last_seen_at,
        SignInSession.idle_seconds,
    )
    .where(
        SignInSession.account_id == bindparam("account_id"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("now", type_=Instant()),
    )
    .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
)


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of a person's sign-ins, as they see it."""

    ref: str
    browser: str
    began_at: datetime
    last_seen_at: datetime


def live(session: Session, account_id: int, now: datetime) -> list[OwnSession]:
    """The account's live sessions, the one seen last first."""
    rows = session.execute(_OWN, {"account_id": account_id, "now": now})
    return [
        OwnSession(row.ref, row.browser, row.created_at, row.last_seen_at)
        for row in rows
        if now - row.last_seen_at < timedelta(seconds=row.idle_seconds)
    ]


def id_token_of(session: Session, ref: str) -> str | None:
    return session.scalar(select(SignInSession.id_token).where(SignInSession.ref == ref))
