"""Sends one notice from the outbox to its recipients."""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.access import Deed
from portal.context import Context, Contexts
from portal.errors import Unavailable
from portal.models import Notice
from portal.notices.mail.undelivered import Undelivered
from portal.notices.sending import queue
from portal.notices.sending.due import Due, DueToStaff, look
from portal.notices.sending.messages import compose
from portal.notices.sending.post_office import PostOffice
from portal.notices.sending.recipients import Recipient, recipients, served
from portal.telemetry.traces import place_of

log = logging.getLogger(__name__)

NOBODY = "There was nobody to send it to."
UNFORESEEN = "The portal could not write the message. Its log says more."


def send_next(contexts: Contexts, *, post: PostOffice) -> bool:
    """Sends the notice that has been due for longest; returns whether there may be more to do.

    Raises SQLAlchemy's errors when the database is unavailable. A claimed notice returns to the queue when
    its lease expires.
    """
    with contexts.read() as context:
        mine = queue.claim(context)
        context.session.commit()  # The claim is committed before sending.
        if mine is None:
            post.transport.rest()
            more = queue.hand_back_expired(context) > 0
            context.session.commit()  # In the worker no guard commits.
            return more
    with contexts.read() as context:
        due = look(context, mine.notice_id)
        readers = recipients(context, due)
        done = served(context, mine.notice_id)
    turn = _Turn(contexts, post, mine, due)
    if reason := due.overtaken(contexts.now) or (None if readers else NOBODY):
        turn.insist(lambda context: queue.drop(context, mine, reason))
        return True
    faults = list(turn.deliver([one for one in readers if one.reference not in done]))
    turn.insist(lambda context: turn.settle(context, faults))
    return not any(fault.everywhere for fault in faults)


class _Turn:
    """One worker's work on the notice that it has claimed."""

    def __init__(
        self, contexts: Contexts, post: PostOffice, mine: queue.Claim, due: Due | DueToStaff
    ) -> None:
        self._contexts, self._began = contexts, time.monotonic()
        self._post = post
        self._mine = mine
        self._due = due

    def deliver(self, readers: list[Recipient]) -> Iterator[Undelivered]:
        """Sends one message per reader, and yields the errors."""
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

    def settle(self, context: Context, faults: list[Undelivered]) -> bool:
        """Writes the outcome; False when the notice is no longer this worker's."""
        temporary = [fault for fault in faults if not fault.permanent]
        if temporary:
            return queue.retry(context, self._mine, temporary[0].words)
        if faults:
            return queue.fail(context, self._mine, faults[0].words)
        if not queue.sent(context, self._mine):
            return False
        context.remember(
            Deed.SEND_NOTICES,
            of=Notice.reference(self._due.ref),
            patient=self._due.patient_ref,
            occasion=self._due.occasion.value,
        )
        return True

    def insist(self, step: Callable[[Context], bool]) -> bool:
        """Commits `step`; retries while the database is unavailable, for as long as a lease.

        Messages that were sent must be recorded, or they would be sent twice.
        """
        give_up = time.monotonic() + queue.LEASE.total_seconds()
        pause = 0.2
        while True:
            try:
                with self._contexts_now().begin() as context:
                    return step(context)
            except (DBAPIError, PoolTimeout, Unavailable):
                if time.monotonic() + pause > give_up:
                    raise
            time.sleep(pause)
            pause = min(pause * 2, queue.GRACE.total_seconds() / 2)

    def _contexts_now(self) -> Contexts:
        """The same contexts with the current time: sending takes a while, and leases start now."""
        passed = timedelta(seconds=time.monotonic() - self._began)
        return replace(self._contexts, now=self._contexts.now + passed)

    def _hand_over(self, reader: Recipient) -> None:
        message = compose(self._due, reader, self._post, self._contexts.hospital)
        self._post.transport.send(message)

    def _remember(self, reader: Recipient) -> bool:
        return self.insist(lambda context: queue.delivered(context, self._mine, reader.reference))
