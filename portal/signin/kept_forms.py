"""Forms that came when their sender's session had ended, kept until that same person is back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.models import Account, KeptForm, SignInSession, new_ref
from portal.models.base import table_of

KEPT = timedelta(hours=12)
AT_ONCE = 5
"""Forms of one account; the oldest gives way."""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it came."""

    action: str
    fields: Fields
    at: datetime


def keep(session: Session, *, token: str, action: str, fields: Fields, now: datetime) -> str | None:
    """Keeps it for whoever the session with this token was; its reference, None when that is nobody.

    A session that was ended, other than by its time, is nobody's.
    """
    account_id = session.scalar(
        select(SignInSession.account_id)
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.token_hash == SignInSession.hash_of(token),
            # Ended by somebody, not by time: its cookie may be in other hands.
            SignInSession.ended_at.is_(None),
            Account.disabled_at.is_(None),
        )
    )
    if account_id is None:
        return None
    _make_room(session, account_id)
    ref = new_ref()
    values = {"ref": ref, "account_id": account_id, "action": action, "created_at": now}
    session.execute(
        insert(table_of(KeptForm)).values(**values, fields=[list(one) for one in fields])
    )
    return ref


def _make_room(session: Session, account_id: int) -> None:
    older = session.scalars(
        select(KeptForm.id)
        .where(KeptForm.account_id == account_id)
        .order_by(KeptForm.id.desc())
        .offset(AT_ONCE - 1)
        .limit(100)
    ).all()
    if older:
        session.execute(
            delete(KeptForm)
            .where(KeptForm.id.in_(older))
            .execution_options(synchronize_session=False)
        )


def find(session: Session, *, account_id: int, ref: str, now: datetime) -> Kept:
    """The account's own form; raises `NotFound` for anybody else's, and for one that is too old."""
    row = session.execute(
        select(KeptForm.action, KeptForm.fields, KeptForm.created_at).where(
            KeptForm.ref == ref,
            KeptForm.account_id == account_id,
            KeptForm.created_at > now - KEPT,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Kept(row.action, tuple((name, value) for name, value in row.fields), row.created_at)
