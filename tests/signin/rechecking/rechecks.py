"""The worker's job that checks staff again, and what became of their session."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from portal.models import AuditEvent, SignInSession
from portal.settings.configuration import Settings
from portal.signin.provider import PROVIDER
from portal.signin.rechecking.checking import recheck_some
from tests.builders import contexts_for
from tests.signin.portal_flow import Visit

MINUTE = timedelta(minutes=1)
DOCTOR = {"groups": ["doctor"]}


@dataclass
class Worker:
    """The worker's job beside the portal."""

    portal: Flask
    engine: Engine
    database: Session

    @property
    def settings(self) -> Settings:
        settings: Settings = self.portal.extensions["settings"]
        return settings

    def check(self, *, after: timedelta, secrets: tuple[str, ...] = ()) -> bool:
        """As if so much time had passed: tokens are made with the real time, so sessions are aged."""
        for row in self.database.scalars(
            select(SignInSession).where(SignInSession.recheck_at.is_not(None))
        ):
            row.last_seen_at -= after
            row.recheck_at = row.recheck_at - after if row.recheck_at else None
        self.database.commit()
        sessions = sessionmaker(self.engine, expire_on_commit=False)
        return recheck_some(
            contexts_for(sessions, datetime.now(UTC)),
            provider=self.portal.extensions[PROVIDER],
            secrets=secrets or self.settings.secrets,
        )


def is_in(visit: Visit) -> bool:
    return visit.browser.get("/sign-ins").status_code == 200


def the_session(database: Session) -> SignInSession:
    database.rollback()
    database.expire_all()
    return database.scalars(select(SignInSession)).one()


def ended_because(entry: AuditEvent) -> object:
    assert entry.detail
    return entry.detail["ended"]
