"""What the worker does, and how often. A new job is a function and a line in `jobs_of`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from portal import seals
from portal.access import SYSTEM
from portal.config import Settings
from portal.hospital import Hospital
from portal.schedules import slots
from portal.worker import beats
from portal.worker.figures import measure_the_outbox
from portal.worker.mail import transport_for
from portal.worker.notices.sending import PostOffice, send_next
from portal.worker.sweep import sweep

Work = Callable[[sessionmaker[Session], Hospital, datetime], bool]
"""One portion of work in transactions of its own; True when more may be waiting at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is done at the start and then `every` so often."""

    name: str
    every: timedelta
    work: Work


def jobs_of(settings: Settings) -> tuple[Job, ...]:
    """Raises `ConfigurationError` when mail can't be sent with these settings."""
    post = PostOffice(transport_for(settings.mail), settings.mail.sender, settings.portal_url)
    key = seals.key_from(settings.audit_secret)
    return (
        Job("tell that it lives", beats.EVERY, beats.beat),
        Job("send notices", timedelta(seconds=5), partial(send_next, post=post)),
        Job("measure the outbox", timedelta(minutes=1), measure_the_outbox),
        Job("make slots", timedelta(hours=1), make_slots),
        Job("seal the audit trail", timedelta(minutes=1), partial(seal_trail, key=key)),
        Job("sweep", timedelta(hours=1), sweep),
    )


def make_slots(sessions: sessionmaker[Session], hospital: Hospital, now: datetime) -> bool:
    with sessions.begin() as session:
        slots.make_slots(session, by=SYSTEM, hospital=hospital, now=now)
    return False


def seal_trail(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    key: bytes,
) -> bool:
    with sessions() as session:
        return seals.seal(session, key, now)
