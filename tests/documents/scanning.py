"""Runs the worker's virus check until no file waits."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from portal.models import DocumentReference
from portal.settings.hospital import Hospital
from portal.shared_files import SharedFiles
from portal.worker.documents.scanning import scan_next
from tests.builders import contexts_for

Send = Callable[..., list[DocumentReference]]


HOSPITAL = Hospital()


Sessions = sessionmaker[Session]


def now() -> datetime:
    return datetime.now(UTC)


def scan_all(sessions: Sessions, store: SharedFiles, scanner: str | None) -> int:
    done = 0
    while scan_next(contexts_for(sessions, now(), HOSPITAL), store=store, scanner=scanner):
        done += 1
    return done
