"""One drill: what befalls a hospital at work, and what is promised about it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.drill.hospital import Hospital
from tests.drill.load import VISITS_A_SECOND
from tests.drill.opening import Plan
from tests.drill.programs import wait_until

CALM = 4
"""Seconds of an ordinary day before the fault, and after everything is mended."""
EVERYBODY = "everybody"
WHO_IS_SIGNED_IN, WHO_NEEDS_NO_PAPERS = "who is signed in", "who needs no papers"
PROMOTION_SECONDS = 120


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

    keeps_pace: bool = False
    """Whether the pages that need nothing of what is away are timed before and with the fault."""
    called: str = ""

    @property
    def name(self) -> str:
        return self.called or self.fault.__name__.replace("_", " ")
