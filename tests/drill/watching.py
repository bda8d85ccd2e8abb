"""Checks every second: which instances are out of service, and whether commits are replicated."""

import http.client
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread

from pymysql import MySQLError

from tests.drill.balancers import PORTAL_PORT
from tests.drill.findings import Finding, Law
from tests.drill.hospital import Hospital
from tests.drill.network import address

PLACE = "people"
EVERY = 1.0
PULSE_EVERY, PULSE_SECONDS = 0.25, 3.0
"""How often an instance is asked whether it lives, and for how long an answer is waited for."""


class Watch(ABC):
    """A thread that looks at the hospital again and again."""

    def __init__(self, hospital: Hospital, every: float = EVERY) -> None:
        self.hospital = hospital
        self._every = every
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            self.look()

    @abstractmethod
    def look(self) -> None: ...


class Watchman(Watch):
    """What the sound nodes of the load balancer said: `found_out` is why, by zone.

    A node that was cut off itself, or parted from another zone, is not asked again: it has to find
    everybody again afterwards.
    """

    def __init__(self, hospital: Hospital) -> None:
        super().__init__(hospital)
        self.found_out: dict[str, str] = {}
        self._unsound: set[str] = set()

    def look(self) -> None:
        for zone, balancer in self.hospital.balancers.items():
            network = self.hospital.network
            if zone in network.dark | network.parted or not balancer.program.runs:
                self._unsound.add(zone)
            if zone in self._unsound:
                continue
            self.found_out = balancer.out() | self.found_out


class ReplicationWatch(Watch):
    """Whether the first primary, for as long as it leads, acknowledges what no standby has."""

    def __init__(self, hospital: Hospital) -> None:
        super().__init__(hospital)
        self._primary = hospital.primary
        self._leads = True
        self._off = 0
        self._alone = 0

    def look(self) -> None:
        self._leads = self._leads and self.hospital.leading is self._primary
        if not self._leads or not self._primary.runs:
            return
        try:
            said = self._primary.replication()
        except MySQLError:
            return  # It is being stopped; what it had acknowledged by then is in the ledger.
        self._off += said["Rpl_semi_sync_master_status"] != "ON"
        self._alone = int(said["Rpl_semi_sync_master_no_tx"])

    def findings(self) -> Iterator[Finding]:
        if self._off:
            yield Finding(Law.UNREPLICATED, f"switched off when looked at, {self._off} times")
        if self._alone:
            yield Finding(Law.UNREPLICATED, f"{self._alone} commits")


class PulseWatch(Watch):
    """How long one instance takes to say that it lives, while its zone can be reached."""

    def __init__(self, hospital: Hospital, zone: str) -> None:
        super().__init__(hospital, PULSE_EVERY)
        self._zone = zone
        self.seconds: list[float] = []

    def look(self) -> None:
        line = http.client.HTTPConnection(
            address(self._zone, "portal"), PORTAL_PORT, timeout=PULSE_SECONDS
        )
        network, began = self.hospital.network, time.monotonic()
        cuts, was_dark = network.cuts, self._zone in network.dark
        try:
            with network.inside(PLACE), closing(line):
                line.request("GET", "/health/live")
                line.getresponse().read()
        except TimeoutError:
            pass
        except (OSError, http.client.HTTPException):
            return  # It is being replaced.
        if not was_dark and self._zone not in network.dark and cuts == network.cuts:
            self.seconds.append(time.monotonic() - began)
