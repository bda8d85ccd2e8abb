"""A drill's figures, for its row in the report and for its picture."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.drill.findings import Law
from tests.drill.ledger import Fate, Outcome
from tests.drill.pace import Pace, percentile
from tests.drill.running import Result

BIN = 0.5
"""The length of one interval in seconds."""
MET = {"waiting": Fate.WAITS, "other_errors": Fate.ERROR, "silence": Fate.SILENCE}
"""What people may get instead of a good answer."""
DOUBLED = (Law.DOUBLED, Law.REFUSED_BUT_DONE, Law.TWO_PATIENTS)
LOST = (Law.LOST, Law.VANISHED)


@dataclass(frozen=True)
class Moment:
    """Half a second of the day: requests by outcome, and the slowest good answer."""

    at: float
    good: int
    bad: int
    median: float
    slowest: float


@dataclass(frozen=True)
class Figures:
    """One run of one drill. Times are in seconds, or None when the event did not happen."""

    scenario: str
    seconds: float
    people: int
    people_who_saw_an_error: int
    people_who_met: dict[str, int]
    """By the names of `MET`."""
    requests: int
    errors: int
    promotion: float | None
    """From the fault until the name pointed to the new primary."""
    read_after_fault: float | None
    write_after_fault: float | None
    read_after_promotion: float | None
    write_after_promotion: float | None
    acknowledged: int
    sent_again: int
    sent_again_after: dict[str, int]
    """By the names of `MET`."""
    lost: int
    doubled: int
    unresolved: int
    findings: list[str]
    marks: list[tuple[float, str]]
    moments: list[Moment]
    seed: int
    """The seed for who comes when and why."""
    health: float
    """Seconds within which 99 of 100 answers of `/health/live` came."""
    pace: Pace | None = None

    def keep(self, folder: Path, number: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.scenario.replace(' ', '-')}.{number}.json"
        file.write_text(json.dumps(asdict(self)))

    @staticmethod
    def forget(folder: Path, scenario: str) -> None:
        """The saved figures of the scenario's earlier runs."""
        for file in folder.glob(f"{scenario.replace(' ', '-')}.*.json"):
            file.unlink()

    @classmethod
    def kept(cls, folder: Path) -> "list[Figures]":
        """All figures saved there, sorted by name."""
        return [cls.from_json(file.read_text()) for file in sorted(folder.glob("*.json"))]

    @classmethod
    def from_json(cls, content: str) -> "Figures":
        values = json.loads(content)
        values["marks"] = [(at, words) for at, words in values["marks"]]
        values["moments"] = [Moment(**one) for one in values["moments"]]
        values["pace"] = Pace(**values["pace"]) if values["pace"] else None
        return cls(**values)


def figures_of(result: Result) -> Figures:
    ledger, began, fault = result.ledger, result.began, result.marks[0][0]
    moved = [at for at, words in result.marks if words == "the name moved"]
    return Figures(
        scenario=result.scenario.name,
        seconds=max(one.ended for one in ledger.asked) - began,
        people=len({one.person for one in ledger.asked}),
        people_who_saw_an_error=len(ledger.who_saw_an_error),
        people_who_met={name: len(ledger.who_had(fate)) for name, fate in MET.items()},
        requests=len(ledger.asked),
        errors=sum(one.fate is not Fate.GOOD for one in ledger.asked),
        promotion=moved[0] - fault if moved else None,
        **asdict(result.recovery),
        acknowledged=sum(1 for _ in ledger.of(Outcome.ACKNOWLEDGED)),
        sent_again=ledger.sent_again.total(),
        sent_again_after={name: ledger.sent_again[fate] for name, fate in MET.items()},
        lost=result.count(*LOST),
        doubled=result.count(*DOUBLED),
        unresolved=result.count(Law.UNRESOLVED),
        findings=[f"{one.law.value}: {one.what}" for one in result.findings],
        marks=[(at - began, words) for at, words in result.marks],
        moments=_moments(result),
        seed=result.seed,
        health=percentile(result.pulse, 99),
        pace=result.pace,
    )


def _moments(result: Result) -> list[Moment]:
    """Grouped by the time when the answer came or the person gave up."""
    good: dict[int, list[float]] = {}
    bad: Counter[int] = Counter()
    for one in result.ledger.asked:
        place = int((one.ended - result.began) / BIN)
        if one.fate is Fate.GOOD:
            good.setdefault(place, []).append(one.ended - one.began)
        else:
            bad[place] += 1
    return [
        Moment(place * BIN, len(times), bad[place], _median(times), max(times, default=0.0))
        for place in range(max({*good, *bad}) + 1)
        for times in [sorted(good.get(place, []))]
    ]


def _median(ordered: list[float]) -> float:
    return ordered[len(ordered) // 2] if ordered else 0.0
