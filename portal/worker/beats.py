"""A worker's heartbeat, which `/health/ready` checks."""

import socket
from datetime import timedelta

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from portal.context import Contexts
from portal.models import WorkerBeat
from portal.models.base import table_of
from portal.models.rows import changed

EVERY = timedelta(seconds=30)

_beat = table_of(WorkerBeat)


def beat(contexts: Contexts) -> bool:
    """Writes the heartbeat of this machine's worker."""
    worker = socket.gethostname()[:100]
    mine = update(_beat).where(_beat.c.worker == worker).values(seen_at=contexts.now)
    with contexts.begin() as context:
        if changed(context.session, mine):
            return False
        try:
            with context.session.begin_nested():
                new = insert(_beat).values(worker=worker, seen_at=context.now)
                context.session.execute(new)
        except IntegrityError:
            pass  # Another worker of this machine has just added the row.
    return False
