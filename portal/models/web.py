"""What the web pages keep between requests: sign-in sessions, submissions, counters of attempts.

And what the worker reports: its heartbeat, and which of its jobs keep failing.
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
    """When it was first seen to have run out, so that a clock that is put back does not revive it."""
    needs_second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    """For a member of staff who has to set one up before anything else."""
    recheck_at: Mapped[MaybeAt]
    """When the provider is asked next whether this member of staff may still be here."""
    refresh_token: Mapped[str | None] = mapped_column(Text)
    """What it is asked with, encrypted."""

    account: Mapped[Account] = relationship()

    @staticmethod
    def hash_of(token: str) -> str:
        """SHA-256 is enough: the token is random, so there is nothing to guess from its hash."""
        return hashlib.sha256(token.encode()).hexdigest()


class Submission(Base):
    """A form with this one-time key was accepted, and this is where its answer led."""

    __tablename__ = "submission"
    __table_args__ = (Index(None, "created_at"),)

    key: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(Key, ForeignKey("account.id"), index=True)
    location: Mapped[str] = mapped_column(String(500))
    message: Mapped[str | None] = mapped_column(String(500))
    content_hash: Mapped[str | None] = mapped_column(exact_text(64))
    """What was sent, and to which address. None when an older release accepted it."""
    created_at: Mapped[At]


class RateLimit(Base):
    """How many attempts were made with a key in the window that began at `started_at`."""

    __tablename__ = "rate_limit"
    __table_args__ = (Index(None, "started_at"),)

    key_hash: Mapped[str] = mapped_column(exact_text(64), primary_key=True)
    started_at: Mapped[At]
    attempts: Mapped[int]


class KeptForm(Base):
    """A form that came after its sender's session had ended, kept until they have signed in again."""

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
    """A worker was alive at `seen_at`."""

    __tablename__ = "worker_beat"

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    seen_at: Mapped[At]


class JobFailure(Base):
    """A job has failed since it last succeeded on this worker. Success deletes the row."""

    __tablename__ = "job_failure"

    LONGEST_FAULT: ClassVar[int] = 300

    worker: Mapped[str] = mapped_column(String(100), primary_key=True)
    job: Mapped[str] = mapped_column(String(50), primary_key=True)
    failing_since: Mapped[At]
    last_failed_at: Mapped[At]
    failures: Mapped[int]
    fault: Mapped[str] = mapped_column(String(LONGEST_FAULT))
    """Kind and place of the latest failure, but not its message, which may quote a patient's data."""
