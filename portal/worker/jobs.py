"""The worker's jobs and their intervals. A new job is a function and a line in `jobs_of`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from portal.audit import seals
from portal.context import Contexts
from portal.downtime import lists, readings
from portal.downtime.box import Box
from portal.notices.mail import transport_for
from portal.notices.sending.actions import send_next
from portal.notices.sending.post_office import PostOffice
from portal.settings.configuration import Settings
from portal.shared_files import SharedFiles
from portal.signin.provider import CALLBACK
from portal.signin.provider.client import Provider
from portal.signin.rechecking.checking import recheck_some
from portal.signin.sessions import leaving
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
from portal.worker.rendering import rendered
from portal.worker.slots import make_slots
from portal.worker.sweep import sweep
from portal.worker.unsigned_notes import tell_authors

Work = Callable[[Contexts], bool]
"""One batch of work with its own transactions; returns True when there may be more to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that runs at the start and then at the interval `every`."""

    name: str
    every: timedelta
    work: Work


def jobs_of(settings: Settings, store: SharedFiles) -> tuple[Job, ...]:
    """Raises `ConfigurationError` when mail can't be sent with these settings."""
    post = PostOffice(
        transport_for(settings.mail), rendered, settings.mail.sender, settings.portal_url
    )
    box = Box(store, settings.secrets)
    key = seals.key_from(settings.audit_secret)
    provider = Provider(settings.sign_in, callback_url=settings.portal_url + CALLBACK)
    rechecking = partial(recheck_some, provider=provider, secrets=settings.secrets)
    return (
        Job("write its heartbeat", beats.EVERY, beats.beat),
        Job("send notices", timedelta(seconds=5), partial(send_next, post=post)),
        Job("tell authors of unsigned notes", timedelta(minutes=10), tell_authors),
        Job("measure the outbox", timedelta(minutes=1), measure_the_outbox),
        Job("measure the quarantine", timedelta(minutes=1), measure_the_quarantine),
        Job("make slots", timedelta(hours=1), make_slots),
        Job("seal the audit trail", timedelta(minutes=1), partial(seal_trail, key=key)),
        Job("write downtime lists", timedelta(minutes=3), partial(write_lists, box=box)),
        Job(
            "measure the downtime lists", timedelta(minutes=1), partial(measure_the_lists, box=box)
        ),
        Job("take in readings", timedelta(minutes=1), partial(take_in_readings, box=box)),
        Job(
            "end sessions of an outage",
            timedelta(minutes=1),
            partial(leaving.take_in, store=store, known_secrets=settings.secrets),
        ),
        Job("check staff at the provider", timedelta(minutes=1), rechecking),
        Job("sweep", timedelta(hours=1), sweep),
        *_jobs_with_files(store, settings.scanner_address),
    )


def _jobs_with_files(store: SharedFiles, scanner: str | None) -> tuple[Job, ...]:
    scanning = partial(scan_next, store=store, scanner=scanner)
    measuring = partial(measure_the_signatures, scanner=scanner)
    return (
        Job("scan files", timedelta(seconds=5), scanning),
        Job("measure the signatures", timedelta(minutes=5), measuring),
        Job("make thumbnails", timedelta(seconds=5), partial(picture_next, store=store)),
        Job("compare files", timedelta(minutes=5), partial(compare_some, store=store)),
        Job("sweep files", timedelta(hours=1), partial(sweep_files, store=store)),
    )


def seal_trail(contexts: Contexts, *, key: bytes) -> bool:
    with contexts.read() as context:
        return seals.seal(context.session, key, context.now)


def write_lists(contexts: Contexts, *, box: Box) -> bool:
    with contexts.read() as context:
        lists.write(context, box)
    return False


def take_in_readings(contexts: Contexts, *, box: Box) -> bool:
    readings.take_in(contexts, box)
    return False
