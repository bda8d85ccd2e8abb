"""One notice from the outbox to its readers."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session, sessionmaker

from portal import audit
from portal.access import SYSTEM, Deed
from portal.errors import Unavailable
from portal.hospital import Hospital
from portal.models import Notice
from portal.traces import place_of
from portal.worker.mail import Transport
from portal.worker.mail.undelivered import Undelivered
from portal.worker.notices import queue
from portal.worker.notices.due import Due, look
from portal.worker.notices.messages import compose
from portal.worker.notices.recipients import Recipient, recipients, served

log = logging.getLogger(__name__)

NOBODY = "There was nobody to send it to."
UNFORESEEN = "The portal could not write the message. Its log says more."


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What sending needs: the way out, whose name it bears, and where it sends people to sign in."""

    transport: Transport
    sender: str
    link: str


def send_next(
    sessions: sessionmaker[Session], hospital: Hospital, now: datetime, *, post: PostOffice
) -> bool:
    """Sends the notice that is due for longest; returns whether there may be more to do at once.

    Raises SQLAlchemy's errors when the database is away; what was taken by then comes back when
    its lease has ended.
    """
    with sessions() as session:
        mine = queue.claim(session, now)
        session.commit()
        if mine is None:
            post.transport.rest()
            more = queue.hand_back_expired(session, now) > 0
            session.commit()
            return more
    with sessions() as session:
        due = look(session, mine.notice_id)
        readers = recipients(session, due, hospital, now)
        done = served(session, mine.notice_id)
    turn = _Turn(sessions, hospital, post, mine, due, now)
    if reason := due.overtaken(now) or (None if readers else NOBODY):
        turn.insist(lambda session: queue.drop(session, mine, reason))
        return True
    faults = list(turn.deliver([one for one in readers if one.reference not in done]))
    turn.insist(lambda session: turn.settle(session, faults))
    return not any(fault.everywhere for fault in faults)


class _Turn:
    """What a worker does with the notice that it has taken at `began`."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        hospital: Hospital,
        post: PostOffice,
        mine: queue.Claim,
        due: Due,
        began: datetime,
    ) -> None:
        self._sessions = sessions
        self._hospital = hospital
        self._post = post
        self._mine = mine
        self._due = due
        self._began, self._ticks = began, time.monotonic()

    def deliver(self, readers: list[Recipient]) -> Iterator[Undelivered]:
        """Hands over one message for each reader, and yields what went wrong."""
        for reader in readers:
            try:
                self._hand_over(reader)
            except Undelivered as fault:
                yield fault
                if fault.everywhere:
                    return
            except Exception as fault:
                kind, place = type(fault).__name__, place_of(fault)
                log.error("notice %s: %s at %s", self._due.ref, kind, place)
                yield Undelivered(UNFORESEEN)
            else:
                if not self._remember(reader):
                    return

    def settle(self, session: Session, faults: list[Undelivered]) -> bool:
        """Writes how it ended; False when the notice is not this worker's any more."""
        temporary = [fault for fault in faults if not fault.permanent]
        if temporary:
            return queue.retry(session, self._mine, temporary[0].words, self._now())
        if faults:
            return queue.fail(session, self._mine, faults[0].words)
        if not queue.sent(session, self._mine, self._now()):
            return False
        audit.remember(
            session,
            by=SYSTEM,
            deed=Deed.SEND_NOTICES,
            now=self._now(),
            of=Notice.reference(self._due.ref),
            patient=self._due.patient_ref,
            occasion=self._due.occasion.value,
        )
        return True

    def insist(self, step: Callable[[Session], bool]) -> bool:
        """Commits `step`, through a lost database too, for as long as the lease may last.

        What has been sent must be remembered: giving up here is what sends an e-mail twice.
        """
        give_up = time.monotonic() + queue.LEASE.total_seconds()
        pause = 0.2
        while True:
            try:
                with self._sessions.begin() as session:
                    return step(session)
            except (DBAPIError, PoolTimeout, Unavailable):
                if time.monotonic() + pause > give_up:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, queue.GRACE.total_seconds() / 2)

    def _now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic() - self._ticks)

    def _hand_over(self, reader: Recipient) -> None:
        message = compose(
            self._due,
            reader,
            sender=self._post.sender,
            link=self._post.link,
            hospital=self._hospital,
        )
        self._post.transport.send(message)

    def _remember(self, reader: Recipient) -> bool:
        return self.insist(
            lambda session: queue.delivered(session, self._mine, reader.reference, self._now())
        )
