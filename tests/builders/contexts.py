"""Contexts (actor, session and time) for queries, actions and the worker's jobs."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.access import SYSTEM, Actor
from portal.context import Context, Contexts
from portal.models import Account
from portal.settings.hospital import Hospital
from portal.signin.sessions.actions import NewSession, begin
from portal.signin.sessions.rules import SignedIn
from tests.builders.rows import NOW


def actor_of(account: Account) -> Actor:
    """The account as an actor, for tests of actions."""
    return account.actor(session_ref="0" * 20)


def context_for(
    session: Session, by: Actor = SYSTEM, now: datetime = NOW, hospital: Hospital | None = None
) -> Context:
    """A context in which `by` acts (by default the portal itself), in a hospital with the usual settings."""
    return Context(session, by, hospital or Hospital(), now)


def contexts_for(
    sessions: sessionmaker[Session], now: datetime = NOW, hospital: Hospital | None = None
) -> Contexts:
    """The contexts of a worker's job, for tests that run a job directly."""
    return Contexts(sessions, SYSTEM, hospital or Hospital(), now)


def signed_in(session: Session, account: Account, now: datetime | None = None) -> SignedIn:
    """A new session of the account, to sign in a browser."""
    return begin(
        context_for(session, account.actor(), now or datetime.now(UTC)), NewSession(browser="test")
    )
