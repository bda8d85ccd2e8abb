"""Finding the sessions to recheck."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from portal.context import Context
from portal.models import Account, SignInSession
from portal.models.base import Instant, table_of
from portal.models.rows import columns, rows
from portal.signin.rechecking.rules import AT_ONCE

_account, _session = map(table_of, (Account, SignInSession))


class Due(NamedTuple):
    """A session of staff that is due, and its account."""

    id: int
    ref: str
    account_id: int
    recheck_at: datetime
    refresh_token: str
    last_seen_at: datetime
    idle_seconds: int
    account_ref: str
    issuer: str
    subject: str


_DUE = (
    select(
        *columns(
            Due,
            _session,
            account_ref=_account.c.ref,
            issuer=_account.c.issuer,
            subject=_account.c.subject,
        )
    )
    .join(_account, _account.c.id == _session.c.account_id)
    .where(
        _session.c.recheck_at <= bindparam("now", type_=Instant()),
        _session.c.expires_at > bindparam("now", type_=Instant()),
        _session.c.ended_at.is_(None),
    )
    .order_by(_session.c.recheck_at, _session.c.id)
    .limit(AT_ONCE)
)


def due(context: Context) -> list[Due]:
    """The sessions that are due, those due for longest first."""
    return rows(context.session, Due, _DUE, {"now": context.now})
