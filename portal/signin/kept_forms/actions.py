"""Storing a form that was sent after its session had expired."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from portal.models import Account, KeptForm, SignInSession, new_ref
from portal.models.base import table_of

AT_ONCE = 5
"""How many forms are stored per account. A new one replaces the oldest."""

Fields = tuple[tuple[str, str], ...]


def keep(session: Session, *, token: str, action: str, fields: Fields, now: datetime) -> str | None:
    """Stores the form for the account of the session with this token.

    Returns its reference, or None without such an account. A session that somebody ended has none.
    """
    account_id = session.scalar(
        select(SignInSession.account_id)
        .join(Account, Account.id == SignInSession.account_id)
        .where(
            SignInSession.token_hash == SignInSession.hash_of(token),
            # If somebody ended the session, its cookie may be stolen.
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
