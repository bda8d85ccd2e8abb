"""The speed of pages that do not need the failed part: on a calm day, and during the fault."""

from dataclasses import dataclass
from math import ceil

from tests.drill.drill import CALM
from tests.drill.ledger import Fate, Ledger


@dataclass(frozen=True)
class Pace:
    """Seconds that each good answer took, for people who never needed a document."""

    calm: list[float]
    """The first seconds are left out, because programs that have just started are slower."""
    with_fault: list[float]

    @classmethod
    def of(cls, ledger: Ledger, began: float, fault: float, over: float) -> "Pace":
        return cls(
            _seconds(ledger, began + CALM, fault),
            _seconds(ledger, fault, over),
        )


def percentile(seconds: list[float], percent: int) -> float:
    """By the nearest rank. Raises IndexError when there are no values."""
    return sorted(seconds)[ceil(len(seconds) * percent / 100) - 1]


def _seconds(ledger: Ledger, since: float, until: float) -> list[float]:
    return [
        round(one.ended - one.began, 4)
        for one in ledger.asked
        if since <= one.began < until
        and one.fate is Fate.GOOD
        and one.person not in ledger.with_papers
    ]
