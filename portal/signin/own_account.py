"""Entries in the audit trail about the actor's own account."""

from typing import Any

from portal.access import Deed
from portal.context import Context
from portal.models import Account


def account_id(context: Context) -> int:
    """The reference of the actor's account; raises `RuntimeError` for an actor who has none."""
    if context.by.account_id is None:
        raise RuntimeError("nobody with an account acts here")
    return context.by.account_id


def remember(context: Context, deed: Deed, *, replaced: bool | None = None) -> None:
    detail: dict[str, Any] = {} if replaced is None else {"replaced": replaced}
    context.remember(deed, of=Account.reference(context.by.ref), **detail)
