"""What happens to a session when its person was rechecked at the provider."""

from datetime import timedelta

from sqlalchemy import update

from portal.access import Deed
from portal.accounts import sessions
from portal.context import Context
from portal.models import Account, SignInSession
from portal.models.base import table_of
from portal.models.rows import changed
from portal.signin.provider.actions import recognise
from portal.signin.provider.person import Person
from portal.signin.provider.refusals import SignInRefused
from portal.signin.rechecking.queries import Due
from portal.signin.rechecking.rules import RECHECK_EVERY

_session = table_of(SignInSession)


def claim(context: Context, due: Due) -> bool:
    """Whether this worker has claimed the session, so that no other one checks it now.

    A session that has expired from inactivity is not rechecked.
    """
    over = context.now >= due.last_seen_at + timedelta(seconds=due.idle_seconds)
    next_at = None if over else context.now + RECHECK_EVERY
    mine = update(_session).where(
        _session.c.id == due.id,
        _session.c.recheck_at == due.recheck_at,
        _session.c.ended_at.is_(None),
    )
    return changed(context.session, mine.values(recheck_at=next_at)) == 1 and not over


def give_back(context: Context, due: Due) -> None:
    """The provider did not answer: the session stays due."""
    again = update(_session).where(_session.c.id == due.id, _session.c.ended_at.is_(None))
    context.session.execute(again.values(recheck_at=due.recheck_at))


def keep(context: Context, due: Due, person: Person, new_token: str | None) -> None:
    """The provider accepts the person. If their roles have changed, all of their sessions end.

    `new_token` replaces the refresh token, if the provider sent a new one.
    """
    context.require(Deed.RECHECK_STAFF)
    if (person.issuer, person.subject) != (due.issuer, due.subject):
        end(context, due, "somebody else")
        return
    try:
        recognise(context.session, person, now=context.now)
    except SignInRefused:
        end(context, due, "disabled")
        return
    live = update(_session).where(_session.c.id == due.id, _session.c.ended_at.is_(None))
    if changed(context.session, live.values(refresh_token=new_token or due.refresh_token)) != 1:
        _remember(context, due, "other roles")


def end(context: Context, due: Due, why: str) -> None:
    """Ends the session, because the provider no longer accepts it."""
    context.require(Deed.RECHECK_STAFF)
    if sessions.end(context.session, due.account_id, context.now, ref=due.ref):
        _remember(context, due, why)


def _remember(context: Context, due: Due, why: str) -> None:
    entity = Account.reference(due.account_ref)
    context.remember(Deed.RECHECK_STAFF, of=entity, session=due.ref, ended=why)
