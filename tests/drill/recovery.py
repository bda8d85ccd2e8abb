"""How long people waited: when work continued after a fault, and after the promotion."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.drill.ledger import Asked, Fate, Ledger, Outcome


@dataclass(frozen=True)
class Recovery:
    """Seconds; None when it did not happen."""

    read_after_fault: float | None
    write_after_fault: float | None
    read_after_promotion: float | None
    write_after_promotion: float | None

    @classmethod
    def of(cls, ledger: Ledger, fault: float, promotion: float | None) -> "Recovery":
        """Requests that were sent before the fault and answered after it are left out."""
        reads = [one.ended for one in _good_reads(ledger.asked, fault)]
        writes = [one.ended for one in ledger.of(Outcome.ACKNOWLEDGED) if one.last_sent >= fault]
        return cls(
            _first(reads, fault), _first(writes, fault),
            _first(reads, promotion), _first(writes, promotion),
        )  # fmt: skip


def _good_reads(asked: Iterable[Asked], since: float) -> list[Asked]:
    return [one for one in asked if one.fate is Fate.GOOD and not one.writes and one.began >= since]


def _first(moments: list[float], since: float | None) -> float | None:
    if since is None:
        return None
    return min((one - since for one in moments if one >= since), default=None)
