"""Measuring every page of every contestant in interleaved rounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from statistics import median

from tqdm import tqdm

from tests.bench.audience import Audience
from tests.bench.client import Request, measure
from tests.bench.pages import Page
from tests.bench.processor import processor_seconds
from tests.bench.statements import Statements
from tests.mariadb import Server
from tests.served_portal import Served

CLIENTS = (1, 16)
WARMING = 64
"""Requests before the first measurement, so that every thread has its connection and its templates."""
COUNTED = 20
"""Requests over which statements are counted."""

BARE_REQUEST = Request(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", words=b"bare")


@dataclass(frozen=True)
class Contestant:
    """An application, and who asks it for pages; the bare page is asked for by nobody."""

    name: str
    served: Served
    audience: Audience | None = None

    def requests(self, page: Page) -> Iterator[Request]:
        return page.requests(self.audience) if self.audience else repeat(BARE_REQUEST)

    def take_back(self, page: Page) -> None:
        if self.audience:
            page.take_back(self.audience.hospital)


@dataclass(frozen=True)
class Figures:
    """One measurement. Times are in seconds."""

    per_second: float
    p50: float
    p99: float
    processor: float
    """Processor time of the application for each request."""


@dataclass
class Results:
    """Every round's figures by page, contestant and number of clients; statements by page."""

    figures: dict[tuple[str, str, int], list[Figures]] = field(default_factory=dict)
    statements: dict[str, Statements] = field(default_factory=dict)

    def median(self, page: str, contestant: str, clients: int, figure: str) -> float:
        return median(
            getattr(figures, figure) for figures in self.figures[page, contestant, clients]
        )

    def ratio(self, page: str, one: str, other: str, clients: int, figure: str) -> float:
        """The median of the rounds' ratios: what disturbs a round disturbs both."""
        pairs = zip(
            self.figures[page, one, clients], self.figures[page, other, clients], strict=True
        )
        return median(getattr(a, figure) / getattr(b, figure) for a, b in pairs)


def run(
    server: Server,
    contestants: Sequence[Contestant],
    counted: Contestant,
    pages: Sequence[Page],
    *,
    rounds: int,
    seconds: float,
) -> Results:
    """Warms everything up, counts the statements of `counted`, and measures.

    Each round asks every contestant for every page, for up to `seconds` with each number of clients.
    """
    results = Results()
    for page in pages:
        for contestant in contestants:
            _ask(contestant, page, WARMING)
        results.statements[page.name] = _count(server, counted, page)
    cells = [
        (page, clients, contestant)
        for _ in range(rounds)
        for page in pages
        for clients in CLIENTS
        for contestant in contestants
    ]
    for page, clients, contestant in tqdm(cells, "Measuring", unit="cell"):
        key = page.name, contestant.name, clients
        figures = _measured(contestant, page, clients, seconds)
        results.figures.setdefault(key, []).append(figures)
    return results


def _ask(contestant: Contestant, page: Page, requests: int, clients: int = max(CLIENTS)) -> None:
    first = islice(contestant.requests(page), requests)
    measure(contestant.served.port, first, clients=clients, seconds=60)
    contestant.take_back(page)


def _count(server: Server, contestant: Contestant, page: Page) -> Statements:
    first = list(islice(contestant.requests(page), COUNTED))
    before = Statements.counted_by(server)
    measure(contestant.served.port, iter(first), clients=1, seconds=60)
    counted = Statements.counted_by(server).each(before, len(first))
    contestant.take_back(page)
    return counted


def _measured(contestant: Contestant, page: Page, clients: int, seconds: float) -> Figures:
    if contestant.audience:
        contestant.audience.stay()
    requests = contestant.requests(page)
    before = processor_seconds(contestant.served.pid)
    timing = measure(contestant.served.port, requests, clients=clients, seconds=seconds)
    used = processor_seconds(contestant.served.pid) - before
    contestant.take_back(page)
    return Figures(
        timing.per_second,
        timing.percentile(0.5),
        timing.percentile(0.99),
        used / len(timing.answers),
    )
