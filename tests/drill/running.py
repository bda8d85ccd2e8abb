"""Running one drill: a hospital at work, a fault in the middle of it, and the verdict afterwards."""

import time
from dataclasses import dataclass

from tests.drill.checker import Evidence, check
from tests.drill.drill import CALM, WHO_IS_SIGNED_IN, WHO_NEEDS_NO_PAPERS, Drill, Scenario
from tests.drill.findings import Finding, Law
from tests.drill.furnishing import Furnishing
from tests.drill.hospital import ZONES
from tests.drill.ledger import Ledger, Outcome
from tests.drill.load import Load
from tests.drill.opening import hospital
from tests.drill.pace import Pace
from tests.drill.records import Records
from tests.drill.recovery import Recovery
from tests.drill.watching import PulseWatch, ReplicationWatch, Watchman

BACK_WITHIN = 10
"""Seconds after the promotion, or after the fault is over, within which somebody's write must succeed."""


@dataclass(frozen=True)
class Result:
    """What a drill gave. Times are seconds since the first visit."""

    scenario: Scenario
    seed: int
    """Of who comes when, and what for."""
    ledger: Ledger
    began: float
    marks: list[tuple[float, str]]
    recovery: Recovery
    pace: Pace | None
    """Figures of drills in which all other pages must be as fast as before."""
    pulse: list[float]
    """Seconds that instances took to answer `/health/live`, healthy or not."""
    findings: list[Finding]

    def count(self, *laws: Law) -> int:
        return sum(one.law in laws for one in self.findings)


def run(furnishing: Furnishing, scenario: Scenario, seed: int) -> Result:
    """Opens a hospital, lets people come, inflicts the fault, closes, and checks."""
    with hospital(furnishing, scenario.plan) as opened:
        drill, watchman, replication = Drill(opened), Watchman(opened), ReplicationWatch(opened)
        pulses = [PulseWatch(opened, zone) for zone in ZONES]
        watches = (watchman, replication, *pulses)
        load = Load(opened, seed, scenario.visits_a_second)
        before = Records.of(opened.leading)
        began = time.monotonic()
        load.begin()
        for watch in watches:
            watch.begin()
        drill.work(CALM)
        scenario.fault(drill)
        load.end()
        for watch in watches:
            watch.end()
        findings = [
            *_of_what_stands_written(drill, load.ledger, before),
            *_of_time(load.ledger, drill.whole_again),
            *_of_instances(watchman, drill.hit),
            *replication.findings(),
            *drill.findings,
            *_of_notice(load.ledger, scenario.unnoticed_by),
        ]
        moved = opened.promotion.moments.name_moved
    recovery = Recovery.of(load.ledger, drill.marks[0][0], moved)
    pace = _pace(drill, load.ledger, began) if scenario.keeps_pace else None
    pulse = [seconds for one in pulses for seconds in one.seconds]
    return Result(scenario, seed, load.ledger, began, drill.marks, recovery, pace, pulse, findings)


def _pace(drill: Drill, ledger: Ledger, began: float) -> Pace:
    fault, over = (drill.marks[place][0] for place in (0, -1))
    return Pace.of(ledger, began, fault, over)


def _of_what_stands_written(drill: Drill, ledger: Ledger, before: Records) -> list[Finding]:
    opened = drill.hospital
    opened.let_the_outbox_empty()
    after = Records.of(opened.leading)
    evidence = Evidence(ledger, before, after, opened.mail.mails, opened.share.kept())
    return [*check(evidence), *opened.portals["zone-c"].findings_of_the_trail(len(after.entries))]


def _of_time(ledger: Ledger, whole_again: float | None) -> list[Finding]:
    assert whole_again is not None, "the fault was never mended"
    writes = [one.ended for one in ledger.of(Outcome.ACKNOWLEDGED) if one.ended > whole_again]
    waited = min(writes, default=float("inf")) - whole_again
    return [Finding(Law.LATE, f"{waited:.1f} s")] if waited > BACK_WITHIN else []


def _of_notice(ledger: Ledger, unnoticed_by: str | None) -> list[Finding]:
    may = {WHO_IS_SIGNED_IN: ledger.newcomers, WHO_NEEDS_NO_PAPERS: ledger.with_papers}
    saw = ledger.who_saw_an_error - may.get(unnoticed_by or "", set())
    return [Finding(Law.NOTICED, f"{len(saw)} people")] if saw and unnoticed_by else []


def _of_instances(watchman: Watchman, hit: frozenset[str]) -> list[Finding]:
    return [
        Finding(Law.TAKEN_OUT, f"{zone}, {why}")
        for zone, why in watchman.found_out.items()
        if zone not in hit
    ]
