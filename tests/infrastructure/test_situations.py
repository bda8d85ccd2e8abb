"""Twenty situations, evaluated with the real alarms: which go off, when, and which never do."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.evaluator import Evaluator
from tests.infrastructure.figures import PREFIX, alarms
from tests.infrastructure.hospital_days import BEGINS, ZONES, A, B, C, Day, Minute, Situation

LASTS = 30
"""Minutes for which each situation is evaluated."""

FAILOVER = 3
"""Minutes in which an instance of RDS that fails over answers nobody, at the long end of what AWS names."""

SHIFTS = {f"shift-from-{zone}" for zone in ZONES}
TOGETHER = "zones-ill-together"
ADVICE = SHIFTS | {TOGETHER}


def nothing(minute: Minute, passed: int) -> None:
    """Nothing is wrong."""


def dies(*zones: str) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        for zone in zones:
            minute.zones[zone].dies()
        minute.running -= 2 * len(zones) if passed > 5 and minute.running > 3 else 0

    return change


def primary_dies(zone: str) -> Situation:
    """All remaining requests wait for the database until it has moved."""

    def change(minute: Minute, passed: int) -> None:
        minute.zones[zone].dies()
        if passed < FAILOVER:
            for other in minute.alive:
                other.fails(0.7)
                other.lost, other.milliseconds, other.slowest = 60, 2500, 4000

    return change


def database_fails_over(minute: Minute, passed: int) -> None:
    if passed < FAILOVER:
        database_away(minute, passed)


def database_away(minute: Minute, passed: int) -> None:
    for number, zone in enumerate(minute.alive):
        zone.fails(0.6 + 0.1 * number)  # zones never have exactly the same number of requests
        zone.lost, zone.milliseconds, zone.slowest = 50 + 10 * number, 2500, 4000


def errors_in(zone: str, share: float) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        minute.zones[zone].fails(share)

    return change


def slow_in(zone: str) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        minute.zones[zone].milliseconds, minute.zones[zone].slowest = 900, 3000

    return change


def no_database_from(zone: str) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        minute.zones[zone].lost = 80
        minute.zones[zone].fails(0.9)

    return change


def nat_dies_in(zone: str) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        minute.zones[zone].provider_away = 6

    return change


def cognito_away(minute: Minute, passed: int) -> None:
    for zone in minute.alive:
        zone.provider_away = 6


def brown_out(minute: Minute, passed: int) -> None:
    """Far too many people. Instances answer late everywhere, and one zone's fail their health checks."""
    minute.shed = 200
    for number, zone in enumerate(minute.alive):
        zone.milliseconds, zone.slowest = 1800 + 300 * number, 5000
        zone.fails(0.1)
    if passed > 4:
        minute.zones[B].healthy = 0


def files_hang(minute: Minute, passed: int) -> None:
    minute.resting = 3
    for zone in minute.alive:
        zone.slowest = 900


def bad_release(rolling: bool) -> Situation:
    def change(minute: Minute, passed: int) -> None:
        """One new instance at first, in one zone; then all."""
        minute.rolling_out = rolling
        if rolling:
            minute.zones[A].fails(0.3)
        else:
            for zone in minute.alive:
                zone.fails(0.3)

    return change


def rollout(minute: Minute, passed: int) -> None:
    """A good release by night: the one instance of a zone goes when its successor is in another zone."""
    minute.rolling_out = True
    minute.zones[ZONES[passed // 10 % 3]].healthy = None


def one_instance_ends(minute: Minute, passed: int) -> None:
    if passed < 6:
        minute.zones[C].healthy = 0
        minute.zones[C].requests = None


def practice(minute: Minute, passed: int) -> None:
    minute.zones[C].requests = None
    for zone in minute.alive:
        zone.requests = 450


def primary_dies_for_good(minute: Minute, passed: int) -> None:
    """The zone of the primary dies, and the database finds no other home for ten minutes."""
    minute.zones[A].dies()
    if passed < 10:
        database_away(minute, passed)


@dataclass(frozen=True)
class Expected:
    """`within`: alarms that must be on from so many minutes on, as long as the situation lasts."""

    situation: Situation
    night: bool = False
    within: tuple[tuple[str, int], ...] = ()
    at_times: tuple[str, ...] = ()
    """Further advice that may be right, at least some of the time."""


SITUATIONS = {
    "a calm day": Expected(nothing),
    "a calm night": Expected(nothing, night=True),
    "the zone of the primary dies": Expected(
        primary_dies(A), within=((f"shift-from-{A}", FAILOVER + 6),)
    ),
    "the zone of the primary dies and the database stays away": Expected(
        primary_dies_for_good, within=((f"shift-from-{A}", 16),)
    ),
    "another zone dies": Expected(dies(B), within=((f"shift-from-{B}", 4),)),
    "a zone dies at night": Expected(dies(C), night=True, within=((f"shift-from-{C}", 12),)),
    "an instance ends at night": Expected(one_instance_ends, night=True),
    "two zones die": Expected(dies(A, B), within=((TOGETHER, 3),)),
    "requests fail in one zone": Expected(errors_in(B, 0.05), within=((f"shift-from-{B}", 4),)),
    "one zone is slow": Expected(slow_in(C), within=((f"shift-from-{C}", 4),)),
    "one zone does not reach the database": Expected(
        no_database_from(A), within=((f"shift-from-{A}", 4),)
    ),
    "a zone's NAT gateway dies": Expected(nat_dies_in(B), within=((f"shift-from-{B}", 12),)),
    "Cognito is away": Expected(cognito_away, within=(("sign-in-service-away", 12),)),
    "a brown-out": Expected(
        brown_out, within=(("requests-shed", 4), ("slow", 6)), at_times=(TOGETHER,)
    ),
    "the database fails over alone": Expected(database_fails_over),
    "the database is away": Expected(database_away, within=((TOGETHER, 5), ("server-errors", 4))),
    "the file system hangs": Expected(files_hang, within=(("documents-resting", 6),)),
    "a bad release in its first instance": Expected(bad_release(rolling=True)),
    "a bad release everywhere": Expected(
        bad_release(rolling=False), within=((TOGETHER, 5), ("server-errors", 4))
    ),
    "a good release at night": Expected(rollout, night=True),
    "the weekly practice run": Expected(practice),
}


@pytest.fixture(scope="module")
def on_at(account: Account) -> Callable[[Expected, int], set[str]]:
    """What is on at a minute of a situation."""
    standing = [*alarms(account), *alarms(account, "CompositeAlarm")]

    def on(expected: Expected, passed: int) -> set[str]:
        day = Day(expected.situation, night=expected.night)
        return Evaluator(standing, PREFIX, day.figures).on(BEGINS + passed)

    return on


OnAt = Callable[[Expected, int], set[str]]


@pytest.mark.parametrize("name", sorted(SITUATIONS))
def test_advice_is_right_whenever_it_is_given(name: str, on_at: OnAt) -> None:
    expected = SITUATIONS[name]
    right = {alarm for alarm, _ in expected.within} | set(expected.at_times)
    seen = [on_at(expected, passed) for passed in range(-1, LASTS)]

    wrong = {alarm: n - 1 for n, on in enumerate(seen) for alarm in (on & ADVICE) - right}
    assert wrong == {}
    for alarm, minutes in expected.within:
        silent = [n - 1 for n, on in enumerate(seen) if n - 1 >= minutes and alarm not in on]
        assert silent == [], alarm
    for alarm in expected.at_times:
        assert alarm in set(chain.from_iterable(seen))


def test_a_practice_run_succeeds_only_when_nobody_suffers(on_at: OnAt) -> None:
    ends, begins_not = "people-suffer", "something-is-ill"
    calm, loaded = (
        [on_at(SITUATIONS[name], passed) for passed in range(LASTS)]
        for name in ("the weekly practice run", "a brown-out")
    )
    assert not any({ends, begins_not} & on for on in calm)
    assert all({ends, begins_not} <= on for on in loaded[6:])


def test_nobody_is_woken_on_a_calm_day(account: Account, on_at: OnAt) -> None:
    standing = {
        one["AlarmName"].removeprefix(f"{PREFIX}-"): one["AlarmActions"]
        for one in [*alarms(account), *alarms(account, "CompositeAlarm")]
    }
    for name in (
        "a calm day",
        "a calm night",
        "the weekly practice run",
        "a good release at night",
    ):
        for passed in (0, 10, LASTS - 1):
            waking = {alarm for alarm in on_at(SITUATIONS[name], passed) if standing[alarm]}
            assert waking == set(), name
