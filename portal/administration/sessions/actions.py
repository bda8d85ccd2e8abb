"""Ends all sign-ins of the accounts with one email address."""

from sqlalchemy import select

from portal.access import Deed
from portal.accounts import sessions
from portal.context import Context
from portal.errors import Unfit
from portal.models import Account

NOBODY = "Nobody who has ever signed in has this email address"


def end_all_of(context: Context, *, email: str) -> int:
    """Ends all sign-ins of the accounts with this address; returns how many there were.

    Several accounts may have the same address. Raises `Unfit` when none has.
    """
    context.require(Deed.END_SESSIONS)
    accounts = context.session.execute(select(Account.id, Account.ref).filter_by(email=email)).all()
    if not accounts:
        raise Unfit("email", NOBODY)
    return sum(_end(context, account_id, ref) for account_id, ref in accounts)


def _end(context: Context, account_id: int, ref: str) -> int:
    ended = sessions.end(context.session, account_id, context.now)
    context.remember(Deed.END_SESSIONS, of=Account.reference(ref), ended=ended)
    return ended
