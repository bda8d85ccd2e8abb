"""One drill: a hospital at work, a fault in the middle of it, and the verdict afterwards."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.drill.checker import Finding, Law, check
from tests.drill.furnishing import Furnishing
from tests.drill.hospital import Hospital
from tests.drill.ledger import Ledger, Outcome
from tests.drill.load import VISITS_A_SECOND, Load
from tests.drill.opening import Plan, hospital
from tests.drill.programs import wait_until
from tests.drill.records import Records
from tests.drill.recovery import Recovery
from tests.drill.watching import Watchman

CALM = 4
"""Seconds of an ordinary day before the fault, and after everything is mended."""
EVERYBODY = "everybody"
WHO_IS_SIGNED_IN, WHO_NEEDS_NO_PAPERS = "who is signed in", "who needs no papers"
PROMOTION_SECONDS = 120
BACK_WITHIN = 10
"""Seconds after the promotion, or after the fault is over, within which somebody's write must succeed."""


@dataclass
class Drill:
    """What a fault does things to, and what it writes down."""

    hospital: Hospital
    marks: list[tuple[float, str]] = field(default_factory=list)
    hit: frozenset[str] = frozenset()
    """The zones whose instances the fault itself takes away."""
    whole_again: float | None = None
    """When the database answered under its name again, or the fault was over."""

    def fault(self, words: str, hits: str = "") -> None:
        self.hit = frozenset(hits.split())
        self.mark(words)

    def mark(self, words: str) -> None:
        self.marks.append((time.monotonic(), words))

    def work(self, seconds: float) -> None:
        """People go on with their day meanwhile."""
        time.sleep(seconds)

    def wait_for_the_promotion(self) -> None:
        promotion = self.hospital.promotion
        wait_until(lambda: promotion.is_over, "the promotion", PROMOTION_SECONDS)
        self.whole_again = promotion.moments.name_moved
        assert self.whole_again is not None
        self.marks.append((self.whole_again, "the name moved"))

    def mend(self) -> None:
        """Everything runs again, and the old primary follows the new one."""
        self.hospital.mend()
        self.mark("mended")
        self.whole_again = self.whole_again or time.monotonic()
        self.work(CALM)


@dataclass(frozen=True)
class Scenario:
    """A fault, the hospital that it befalls, and what is promised about it."""

    fault: Callable[[Drill], None]
    plan: Plan = field(default_factory=Plan)
    visits_a_second: float = VISITS_A_SECOND
    unnoticed_by: str | None = None
    """Who must not see one error page: `EVERYBODY`, or one of those below it."""

    called: str = ""

    @property
    def name(self) -> str:
        return self.called or self.fault.__name__.replace("_", " ")


@dataclass(frozen=True)
class Result:
    """What a drill gave. Times are seconds since the first visit."""

    scenario: Scenario
    ledger: Ledger
    began: float
    marks: list[tuple[float, str]]
    recovery: Recovery
    findings: list[Finding]

    def count(self, *laws: Law) -> int:
        return sum(one.law in laws for one in self.findings)


def run(furnishing: Furnishing, scenario: Scenario) -> Result:
    """Opens a hospital, lets people come, inflicts the fault, closes, and checks."""
    with hospital(furnishing, scenario.plan) as opened:
        load, watchman = Load(opened, visits_a_second=scenario.visits_a_second), Watchman(opened)
        drill, began = Drill(opened), time.monotonic()
        load.begin()
        watchman.begin()
        drill.work(CALM)
        scenario.fault(drill)
        load.end()
        watchman.end()
        records, files = Records.of(opened.leading), opened.share.hashes()
    fault, whole_again = drill.marks[0][0], drill.whole_again
    promoted = opened.promotion.moments.name_moved
    recovery = Recovery.of(load.ledger, fault, promoted)
    findings = check(load.ledger, records, furnishing.population, opened.mail, files)
    findings += _of_time(load.ledger, whole_again)
    findings += _of_instances(watchman, drill.hit)
    findings += _of_notice(load.ledger, scenario.unnoticed_by)
    return Result(scenario, load.ledger, began, drill.marks, recovery, findings)


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
