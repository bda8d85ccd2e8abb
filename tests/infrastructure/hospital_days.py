"""A hospital's figures, minute by minute, during a situation: the input of `evaluator.py`.

A situation is a function that changes one minute of the zones. Figures of the whole hub are added up from
theirs, so they never contradict each other. What happens in one zone or in all is from AWS's documentation
and from `make drill`; how long is at the long end of what AWS names.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.infrastructure.evaluator import Value

ZONES = ("eu-west-2a", "eu-west-2b", "eu-west-2c")
A, B, C = ZONES
BEGINS = 20
"""The minute in which something happens; all is well before."""


@dataclass
class Zone:
    """One minute of a zone by day, when nothing is wrong. Without power it says nothing: `requests` None."""

    healthy: int | None = 2
    requests: int | None = 300
    failed: int = 0
    milliseconds: float = 80
    slowest: float = 300
    lost: int = 0
    provider_away: int = 0

    def fails(self, share: float) -> None:
        self.failed = round((self.requests or 0) * share)

    def dies(self) -> None:
        self.requests, self.healthy = None, 0


@dataclass
class Minute:
    zones: dict[str, Zone] = field(default_factory=lambda: {zone: Zone() for zone in ZONES})
    turned_away: int = 0
    """By the load balancer itself."""
    shed: int = 0
    resting: int = 0
    rolling_out: bool = False
    running: int = 6

    @property
    def alive(self) -> list[Zone]:
        return [one for one in self.zones.values() if one.requests is not None]


Situation = Callable[[Minute, int], None]
"""Changes a minute, told how many have passed since something happened."""


def at_night(minute: Minute) -> None:
    """One instance in each zone, and hardly anybody."""
    minute.running = 3
    for zone in minute.zones.values():
        zone.healthy, zone.requests = 1, 4


class Day:
    """The figures of a day with a situation that begins at minute `BEGINS`."""

    def __init__(self, situation: Situation, *, night: bool = False) -> None:
        self.situation = situation
        self.night = night

    def minute(self, number: int) -> Minute:
        minute = Minute()
        if self.night:
            at_night(minute)
        if number >= BEGINS:
            self.situation(minute, number - BEGINS)
        return minute

    def figures(
        self, number: int, namespace: str, name: str, by: frozenset[tuple[str, str]], statistic: str
    ) -> Value:
        minute, named = self.minute(number), dict(by)
        if namespace == "MediCareHub/Rollouts":
            return 1 if minute.rolling_out else None
        if namespace == "MediCareHub":
            zone = minute.zones[named["Zone"]] if "Zone" in named else None
            return _of_portal(minute, name, named, statistic, [zone] if zone else minute.alive)
        return _of_aws(minute, namespace, name, named)


def _of_portal(
    minute: Minute, name: str, named: dict[str, str], statistic: str, zones: Iterable[Zone]
) -> Value:
    speaking = [zone for zone in zones if zone.requests]
    if name in QUIET:
        return QUIET[name]
    if not speaking:
        return None
    if name == "RequestLatency":
        return _latency(speaking, statistic)
    if name == "ServerErrors":
        return sum(zone.failed for zone in speaking)
    if name == "DatabaseConnectionsLost":
        return sum(zone.lost for zone in speaking) or None
    if name == "SignInsFailed":
        return sum(zone.provider_away for zone in speaking) or None
    of_hub = {"RequestsShed": minute.shed, "Bookings": 3.0}
    if name == "Uploads" and named.get("Outcome") == "resting":
        return minute.resting or None
    return of_hub.get(name)


def _latency(zones: list[Zone], statistic: str) -> Value:
    requests = sum(zone.requests or 0 for zone in zones)
    if statistic == "SampleCount":
        return requests
    if statistic == "Sum":
        return sum((zone.requests or 0) * zone.milliseconds for zone in zones)
    # Of several zones the slowest request of a hundred is near that of the slowest zone.
    return max(zone.slowest for zone in zones)


QUIET: dict[str, float] = {
    "OldestNoticeAge": 1,
    "SnapshotAge": 60,
    "QuarantineAge": 0,
    "SignIns": 5,
}
"""Figures that stay normal in every situation here."""


def _of_aws(minute: Minute, namespace: str, name: str, named: dict[str, str]) -> Value:
    if name == "HealthyHostCount":
        zones = [minute.zones[named["AvailabilityZone"]]] if "AvailabilityZone" in named else None
        counted = [one.healthy for one in zones or minute.zones.values() if one.healthy is not None]
        return sum(counted) if counted else None
    found = {
        "GroupInServiceInstances": minute.running,
        "GroupMaxSize": 15,
        "RequestCount": sum(one.requests or 0 for one in minute.alive),
        "HTTPCode_Target_5XX_Count": sum(one.failed for one in minute.alive) or None,
        "HTTPCode_ELB_5XX_Count": minute.turned_away or None,
        "DatabaseConnections": 60,
        "FreeStorageSpace": 5e10,
        "FreeableMemory": 4e9,
        "NumberOfBackupJobsCompleted": 1,
    }
    return found.get(name) if namespace.startswith("AWS/") else None
