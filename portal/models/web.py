"""State of the web pages between requests: sign-in sessions, submissions, counters of attempts.

Also the worker's reports: its heartbeat, and its failing jobs.
"""

import hashlib
from typing import ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.accounts import Account
from portal.models.base import At, Base, Key, MaybeAt, PrimaryKey, Ref, exact_text


class SignInSession(Base):
    """One browser's sign-in. The cookie contains a random token; only its SHA-256 is stored here."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        Index(None, "account_id", "ended_at"),
        Index(None, "expires_at"),
        Index(None, "recheck_at"),
    )

    id: Mapped[PrimaryKey]
    ref: Mapped[Ref]
    token_hash: Mapped[str] = mapped_column(exact_text(64), unique=True)
    account_id: Mapped[int] = mapped_column(Key, ForeignKey("account.id"))
    browser: Mapped[str] = mapped_column(String(200), default="")
    id_token: Mapped[str | None] = mapped_column(String(4000))
    """Stored only if the provider's logout needs it as a hint."""
    created_at: Mapped[At]
    last_seen_at: Mapped[At]
    idle_seconds: Mapped[int]
    expires_at: Mapped[At]
    ended_at: Mapped[MaybeAt]
    lapsed_at: Mapped[MaybeAt]
    """When it was first found to be expired, so that setting a clock back does not revive it."""
    needs_second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether this member of staff must set up a second step before anything else."""
    recheck_at: Mapped[MaybeAt]
    """When this member of staff is next rechecked at the provider."""
    refresh_token: Mapped[str | None] = mapped_column(Text)
    """The encrypted refresh token for the recheck."""

    account: Mapped[Account] = relationship()

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 is enough: the token is random, so there is nothing to guess from its hash."""
        return hashlib.sha256(token.encode()).hexdigest()


class Submission(Base):
    """An accepted form with this one-time key, and the address of its redirect."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "created_at"),)

    key: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"), index=True)
    location: Mapped[str] = mapped_column(String(500))
    message: Mapped[str | None] = mapped_column(String(500))
    content_hash: Mapped[str | None] = mapped_column(exact_text(64))
    """The hash of the content and address. None when an older release accepted the form."""
    created_at: Mapped[At]


class RateLimit(Base):
    """The number of attempts for a key in the window that began at `started_at`."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index(None, "started_at"),)

    key_hash: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    started_at: Mapped[At]
    attempts: Mapped[int]


class KeptForm(Base):
    """A form that was sent after its session had expired, stored until the sender has signed in again."""

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
    """A worker's heartbeat at `seen_at`."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[At]


class JobFailure(Base):
    """A job that has failed since its last success on this worker. A success deletes the row."""

    __tablename__ = "job_failure"

    LONGEST_FAULT: ClassVar[int] = 300

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    job: Mapped[str] = mapped_column(String(50), primary_key=True)
    failing_since: Mapped[At]
    last_failed_at: Mapped[At]
    failures: Mapped[int]
    fault: Mapped[str] = mapped_column(String(LONGEST_FAULT))
    """Type and place of the latest error, without its message, which may quote a patient's data."""
