"""Finding a stored form."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.context import Context
from portal.errors import NotFound
from portal.models import KeptForm
from portal.signin import own_account

KEPT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent."""

    action: str
    fields: tuple[tuple[str, str], ...]
    at: datetime


def kept_form(context: Context, ref: str) -> Kept:
    """The actor's own form. Raises `NotFound` for another person's, and for one that is too old."""
    row = context.session.execute(
        select(KeptForm.action, KeptForm.fields, KeptForm.created_at).where(
            KeptForm.ref == ref,
            KeptForm.account_id == own_account.account_id(context),
            KeptForm.created_at > context.now - KEPT,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    fields = tuple((name, value) for name, value in row.fields)
    return Kept(row.action, fields, row.created_at)
