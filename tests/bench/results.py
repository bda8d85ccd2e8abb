"""What was measured, and the ratios between neighbours."""

from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from tests.bench.statements import Statements


@dataclass(frozen=True)
class Figures:
    """One measurement of one contestant. Times are in seconds."""

    per_second: float
    p50: float
    p99: float
    processor: float
    """Processor time of the application for each request."""
    database: float
    """Processor time of the database server for each request."""
    bare: float
    """Processor time of the bare page for each request, just before and just after."""
    strangers: float
    """Share of this machine's processors that other programs used meanwhile."""


@dataclass(frozen=True)
class Ratio:
    """A ratio over all rounds."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, ratios: list[float]) -> "Ratio":
        return cls(median(ratios), min(ratios), max(ratios))


Figure = Callable[[Figures], float]


@dataclass
class Results:
    """Every round's figures by page, contestant and number of clients; statements by page."""

    figures: dict[tuple[str, str, int], list[Figures]] = field(default_factory=dict)
    statements: dict[str, Statements] = field(default_factory=dict)

    def add(self, page: str, contestant: str, clients: int, figures: Figures) -> None:
        self.figures.setdefault((page, contestant, clients), []).append(figures)

    def median(self, page: str, contestant: str, clients: int, figure: Figure) -> float:
        return median(map(figure, self.figures[page, contestant, clients]))

    def to_bare(self, page: str, contestant: str, clients: int) -> Ratio:
        """The application's processor time as a multiple of the bare page's."""
        measured = self.figures[page, contestant, clients]
        return Ratio.of([one.processor / one.bare for one in measured])

    def ratio(self, page: str, one: str, other: str, clients: int, figure: Figure) -> Ratio:
        """Between contestants in the same round: what disturbs a round disturbs both."""
        pairs = zip(
            self.figures[page, one, clients], self.figures[page, other, clients], strict=True
        )
        return Ratio.of([figure(a) / figure(b) for a, b in pairs])

    @property
    def strangers(self) -> float:
        """The largest share of the processors that other programs used in a measurement."""
        return max(one.strangers for rounds in self.figures.values() for one in rounds)
