"""What RDS does for a Multi-AZ instance: watches the primary, and makes the standby take its place.

detected     three looks in a row found nobody there
fenced       the old primary's power is pulled: it can't acknowledge anything any more
promoted     the standby has applied all that it had received, and takes writes
name moved   the name leads to the new primary; RDS needs a minute for it
"""

import socket
import time
from dataclasses import dataclass, field
from threading import Event, Thread

from tests.drill.database import PORT, Database
from tests.drill.names import NameServer
from tests.drill.network import Network
from tests.drill.settings import DATABASE_NAME

PLACE = "region"
LOOK_EVERY, LOOK_SECONDS, LOOKS = 0.5, 1, 3


@dataclass
class Moments:
    """When it happened, by `time.monotonic()`."""

    detected: float | None = None
    promoted: float | None = None
    name_moved: float | None = None


@dataclass
class Promotion:
    """Watches from the region, in its own thread, and promotes once."""

    network: Network
    names: NameServer
    primary: Database
    standby: Database
    name_delay: float = 0.0
    """Seconds from the promotion until the name moves."""
    fences: bool = True
    moments: Moments = field(default_factory=Moments)
    _stop: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def begin(self) -> None:
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    @property
    def is_over(self) -> bool:
        return self.moments.name_moved is not None

    def switch_over(self) -> None:
        """A planned switch: the old primary keeps answering, but accepts no writes.

        Connections to it stay open, which is the trap: they work, and are to the wrong server.
        """
        self.end()
        self.primary.tell("SET GLOBAL read_only = ON")
        self.moments.detected = time.monotonic()
        self._promote()
        self.primary.require_standby(wanted=False)
        self.primary.follow(self.standby, demoted=True)
        self.standby.require_standby(wanted=True)

    def bring_back_the_old_primary(self) -> None:
        """As the standby of the new primary. It drops the transactions that nobody was told about."""
        self.primary.start("--read-only=ON", "--init-rpl-role=SLAVE")
        self.primary.follow(self.standby, demoted=True)
        self.standby.require_standby(wanted=True)

    def _watch(self) -> None:
        with self.network.inside(PLACE):
            missed = 0
            while not self._stop.wait(LOOK_EVERY):
                missed = 0 if self._primary_answers() else missed + 1
                if missed == LOOKS:
                    self.moments.detected = time.monotonic()
                    if self.fences:
                        self.primary.kill()
                    self._promote()
                    return

    def _primary_answers(self) -> bool:
        """Whether it sends its greeting, as MySQL servers do before any question."""
        try:
            with socket.create_connection((self.primary.address, PORT), LOOK_SECONDS) as line:
                return bool(line.recv(1024))
        except OSError:
            return False

    def _promote(self) -> None:
        self.standby.lead()
        self.moments.promoted = time.monotonic()
        self._stop.wait(self.name_delay)
        self.names.point(DATABASE_NAME, self.standby.address)
        self.moments.name_moved = time.monotonic()
