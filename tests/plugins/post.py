"""Fixtures: sessions of the worker's own, and a post office that keeps what it is given."""

from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from portal.notices.mail.undelivered import Undelivered
from portal.notices.sending.post_office import PostOffice
from portal.worker.rendering import rendered


@dataclass
class Pigeonhole:
    """A transport that keeps messages. `faults` are raised first, one for each message."""

    messages: list[EmailMessage] = field(default_factory=list)
    faults: list[Undelivered] = field(default_factory=list)

    def send(self, message: EmailMessage) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.messages.append(message)

    def rest(self) -> None:
        """Nothing is open."""

    @property
    def addresses(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]


@pytest.fixture
def pigeonhole() -> Pigeonhole:
    return Pigeonhole()


@pytest.fixture
def post(pigeonhole: Pigeonhole) -> PostOffice:
    return PostOffice(
        pigeonhole, rendered, "appointments@hospital.example", "https://portal.example"
    )


@pytest.fixture
def sessions(database: Session, engine: Engine) -> sessionmaker[Session]:
    """Sessions of the worker's own. What a test prepares in `database` must be committed."""
    return sessionmaker(engine, autoflush=False, expire_on_commit=False)
