"""The sessions of an account in all browsers."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portal.context import Context
from portal.models import SignInSession
from portal.models.base import Instant, table_of
from portal.models.rows import columns, rows
from portal.signin import own_account

_session = table_of(SignInSession)


class OwnSession(NamedTuple):
    """A session in the person's own list."""

    ref: str
    browser: str
    created_at: datetime
    last_seen_at: datetime
    idle_seconds: int


_OWN = (
    select(*columns(OwnSession, _session))
    .where(
        _session.c.account_id == bindparam("account_id"),
        _session.c.ended_at.is_(None),
        _session.c.expires_at > bindparam("now", type_=Instant()),
    )
    .order_by(_session.c.last_seen_at.desc(), _session.c.id.desc())
)


def live(context: Context) -> list[OwnSession]:
    """The actor's live sessions, most recently used first."""
    values = {"account_id": own_account.account_id(context), "now": context.now}
    return [
        one
        for one in rows(context.session, OwnSession, _OWN, values)
        if context.now - one.last_seen_at < timedelta(seconds=one.idle_seconds)
    ]


def id_token_of(context: Context) -> str | None:
    """The ID token of this session, if the provider's logout needs it."""
    return context.session.scalar(
        select(_session.c.id_token).where(_session.c.ref == context.by.session_ref)
    )
