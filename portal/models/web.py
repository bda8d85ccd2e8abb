"""What the web front keeps between requests: sign-in sessions, submissions, counters of attempts.

And what worker and portal tell each other: that the worker is alive.
"""

import hashlib

from sqlalchemy import JSON, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, exact_text


class SignInSession(Base):
    """One browser's sign-in. The cookie holds a random token; only its SHA-256 is kept here."""

    __tablename__ = "sign_in_session"
    __table_args__ = (Index(None, "account_id", "ended_at"), Index(None, "expires_at"))

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    token_hash: Mapped[str] = mapped_column(exact_text(64), unique=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    browser: Mapped[str] = mapped_column(String(200), default="")
    id_token: Mapped[str | None] = mapped_column(String(4000))
    """Kept only where the provider's logout asks for it as a hint."""
    created_at: Mapped[At]
    last_seen_at: Mapped[At]
    idle_seconds: Mapped[int]
    expires_at: Mapped[At]
    ended_at: Mapped[MaybeAt]
    needs_second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    """A member of staff who has to set one up first: nothing else opens."""

    account: Mapped[Account] = relationship()

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 is enough: the token is random, so there is nothing to guess from its hash."""
        return hashlib.sha256(token.encode()).hexdigest()


class Submission(Base):
    """That a form with this one-time key was accepted, and where its answer led."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "created_at"),)

    key: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"), index=True)
    location: Mapped[str] = mapped_column(String(500))
    message: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[At]


class RateLimit(Base):
    """How many attempts were made under a key within the window that began at `started_at`."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index(None, "started_at"),)

    key_hash: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    started_at: Mapped[At]
    attempts: Mapped[int]


class KeptForm(Base):
    """A form that came when its sender's session had ended, until they have signed in again."""

    __tablename__ = "kept_form"
    __table_args__ = (Index(None, "created_at"),)

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"), index=True)
    action: Mapped[str] = mapped_column(String(500))
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    """Pairs of name and value, in their order."""
    created_at: Mapped[At]


class WorkerBeat(Base):
    """That a worker was alive at `seen_at`."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[At]
