"""What the worker does, and how often. A new job is a function and a line in `jobs_of`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session, sessionmaker

from portal import seals
from portal.access import SYSTEM
from portal.config import Settings
from portal.downtime import lists, readings
from portal.downtime.box import Box
from portal.hospital import Hospital
from portal.schedules import slots
from portal.shared_files import SharedFiles
from portal.worker import beats
from portal.worker.documents.comparing import compare_some
from portal.worker.documents.picturing import picture_next
from portal.worker.documents.scanning import scan_next
from portal.worker.documents.sweeping import sweep_files
from portal.worker.figures import (
    measure_the_lists,
    measure_the_outbox,
    measure_the_quarantine,
    measure_the_signatures,
)
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


def jobs_of(settings: Settings, store: SharedFiles) -> tuple[Job, ...]:
    """Raises `ConfigurationError` when mail can't be sent with these settings."""
    post = PostOffice(transport_for(settings.mail), settings.mail.sender, settings.portal_url)
    box = Box(store, settings.secret_key)
    key = seals.key_from(settings.audit_secret)
    return (
        Job("tell that it lives", beats.EVERY, beats.beat),
        Job("send notices", timedelta(seconds=5), partial(send_next, post=post)),
        Job("measure the outbox", timedelta(minutes=1), measure_the_outbox),
        Job("measure the quarantine", timedelta(minutes=1), measure_the_quarantine),
        Job("make slots", timedelta(hours=1), make_slots),
        Job("seal the audit trail", timedelta(minutes=1), partial(seal_trail, key=key)),
        Job("write downtime lists", timedelta(minutes=3), partial(write_lists, box=box)),
        Job(
            "measure the downtime lists", timedelta(minutes=1), partial(measure_the_lists, box=box)
        ),
        Job("take in readings", timedelta(minutes=1), partial(take_in_readings, box=box)),
        Job("sweep", timedelta(hours=1), sweep),
        *_jobs_with_files(store, settings.scanner_address),
    )


def _jobs_with_files(store: SharedFiles, scanner: str | None) -> tuple[Job, ...]:
    scanning = partial(scan_next, store=store, scanner=scanner)
    measuring = partial(measure_the_signatures, scanner=scanner)
    return (
        Job("scan files", timedelta(seconds=5), scanning),
        Job("measure the signatures", timedelta(minutes=5), measuring),
        Job("picture files", timedelta(seconds=5), partial(picture_next, store=store)),
        Job("compare files", timedelta(minutes=5), partial(compare_some, store=store)),
        Job("sweep files", timedelta(hours=1), partial(sweep_files, store=store)),
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


def write_lists(
    sessions: sessionmaker[Session], hospital: Hospital, now: datetime, *, box: Box
) -> bool:
    with sessions() as session:
        lists.write(session, box, hospital, now)
    return False


def take_in_readings(
    sessions: sessionmaker[Session],
    hospital: Hospital,  # noqa: ARG001
    now: datetime,
    *,
    box: Box,
) -> bool:
    readings.take_in(sessions, box, now)
    return False
