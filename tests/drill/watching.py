"""Somebody who looks every second which instances the load balancer holds to be unhealthy."""

from threading import Event, Thread

from tests.drill.hospital import Hospital

EVERY = 1.0


class Watchman:
    """What the sound nodes of the load balancer said: `found_out` is why, by zone.

    A node that was cut off itself is not asked again: it has to find everybody anew afterwards.
    """

    def __init__(self, hospital: Hospital) -> None:
        self.found_out: dict[str, str] = {}
        self._hospital = hospital
        self._unsound: set[str] = set()
        self._stop = Event()
        self._thread = Thread(target=self._watch, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            for zone, balancer in self._hospital.balancers.items():
                if zone in self._hospital.network.dark or not balancer.program.runs:
                    self._unsound.add(zone)
                if zone in self._unsound:
                    continue
                self.found_out = balancer.out() | self.found_out
