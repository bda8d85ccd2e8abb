"""A worker's sign of life, which `/health/ready` looks for."""

import socket
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from portal.hospital import Hospital
from portal.models import WorkerBeat
from portal.models.base import table_of

EVERY = timedelta(seconds=30)


def beat(sessions: sessionmaker[Session], hospital: Hospital, now: datetime) -> bool:  # noqa: ARG001
    """Writes that this machine's worker is alive."""
    worker = socket.gethostname()[:100]
    mine = update(WorkerBeat).where(WorkerBeat.worker == worker).values(seen_at=now)
    with sessions.begin() as session:
        statement = mine.execution_options(synchronize_session=False)
        if cast("CursorResult[Any]", session.execute(statement)).rowcount:
            return False
        try:
            with session.begin_nested():
                session.execute(insert(table_of(WorkerBeat)).values(worker=worker, seen_at=now))
        except IntegrityError:
            pass  # Another worker of this machine, at this moment.
    return False
