"""The jobs that keep failing on this machine, for the administrator's page."""

import logging
import socket
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from portal.errors import Unavailable
from portal.models import JobFailure
from portal.models.base import table_of
from portal.models.rows import changed

log = logging.getLogger(__name__)

_table = table_of(JobFailure)


class Failures:
    """The row of one job; it exists while the job fails.

    Nothing is written while the database is unavailable; the log and the metric have the failure.
    """

    def __init__(self, sessions: sessionmaker[Session], job: str) -> None:
        self._sessions = sessions
        self._key = {"worker": socket.gethostname()[:100], "job": job}
        self._mine = [_table.c[name] == value for name, value in self._key.items()]
        self._there = True
        """True at first, because a killed worker may have left a row."""

    def add(self, what: str, now: datetime) -> None:
        """Writes the row; `what` is the type and place of the error."""
        latest = {"last_failed_at": now, "fault": what[-JobFailure.LONGEST_FAULT :]}
        again = update(_table).where(*self._mine)
        try:
            with self._sessions.begin() as session:
                if not changed(session, again.values(failures=_table.c.failures + 1, **latest)):
                    first = {"failing_since": now, "failures": 1}
                    session.execute(insert(_table).values(**self._key, **first, **latest))
            self._there = True
        except IntegrityError:
            pass  # Another worker of this machine has just added the row.
        except (SQLAlchemyError, Unavailable) as fault:
            log.warning("the failure could not be kept: %s", type(fault).__name__)

    def clear(self) -> None:
        if not self._there:
            return
        try:
            with self._sessions.begin() as session:
                session.execute(delete(_table).where(*self._mine))
            self._there = False
        except (SQLAlchemyError, Unavailable) as fault:
            log.warning("the failure could not be cleared: %s", type(fault).__name__)
