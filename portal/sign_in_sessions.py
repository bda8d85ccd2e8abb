"""Ending sign-in sessions: by whoever signed in, or by an administrator."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from portal.models import SignInSession


def end(session: Session, account_id: int, now: datetime, *, ref: str | None = None) -> int:
    """Ends the account's session `ref`, or all of them; returns how many were alive."""
    statement = (
        update(SignInSession)
        .where(SignInSession.account_id == account_id, SignInSession.ended_at.is_(None))
        .values(ended_at=now, id_token=None)
        .execution_options(synchronize_session=False)
    )
    if ref is not None:
        statement = statement.where(SignInSession.ref == ref)
    return cast("CursorResult[Any]", session.execute(statement)).rowcount
