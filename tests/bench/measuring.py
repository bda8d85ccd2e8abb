"""Measuring every page of every contestant in interleaved rounds."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from random import Random

from tqdm import tqdm

from tests.bench.audience import Audience
from tests.bench.client import Request, Timing, measure
from tests.bench.pages import Page
from tests.bench.processor import Spent
from tests.bench.results import Figures, Results
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
    """An application, and the people who ask it for pages."""

    name: str
    served: Served
    audience: Audience

    def requests(self, page: Page) -> Iterator[Request]:
        return page.requests(self.audience)

    def take_back(self, page: Page) -> None:
        page.take_back(self.audience.hospital)


@dataclass(frozen=True)
class Contest:
    """`seconds` is the longest time for one measurement."""

    server: Server
    bare: Served
    contestants: Sequence[Contestant]
    pages: Sequence[Page]
    seconds: float

    def run(self, rounds: int) -> Results:
        """Warms everything up, counts the statements of the first contestant, and measures."""
        results = Results()
        for page in self.pages:
            for contestant in self.contestants:
                _ask(contestant, page, WARMING)
            results.statements[page.name] = self._count(self.contestants[0], page)
        cells = [
            (page, clients) for _ in range(rounds) for page in self.pages for clients in CLIENTS
        ]
        for number, (page, clients) in enumerate(tqdm(cells, "Measuring", unit="cell")):
            self._measure_all(page, clients, results, Random(number))
        return results

    def _measure_all(self, page: Page, clients: int, results: Results, random: Random) -> None:
        """Measures the contestants in a random order, and the bare page around each of them."""
        order = random.sample(self.contestants, len(self.contestants))
        before = self._bare(clients)
        for contestant in order:
            timing, spent = self._measured(contestant, page, clients)
            after = self._bare(clients)
            figures = _figures(timing, spent, (before + after) / 2)
            results.add(page.name, contestant.name, clients, figures)
            before = after

    def _measured(self, contestant: Contestant, page: Page, clients: int) -> tuple[Timing, Spent]:
        contestant.audience.stay()
        requests = contestant.requests(page)
        measured = self._timed(contestant.served, requests, clients, self.seconds)
        contestant.take_back(page)
        return measured

    def _bare(self, clients: int) -> float:
        timing, spent = self._timed(self.bare, repeat(BARE_REQUEST), clients, self.seconds / 3)
        return spent.application / len(timing.answers)

    def _timed(
        self, served: Served, requests: Iterator[Request], clients: int, seconds: float
    ) -> tuple[Timing, Spent]:
        before = Spent.by(served.pid, self.server.pid)
        timing = measure(served.port, requests, clients=clients, seconds=seconds)
        return timing, Spent.by(served.pid, self.server.pid).since(before)

    def _count(self, contestant: Contestant, page: Page) -> Statements:
        first = list(islice(contestant.requests(page), COUNTED))
        before = Statements.counted_by(self.server)
        measure(contestant.served.port, iter(first), clients=1, seconds=60)
        counted = Statements.counted_by(self.server).each(before, len(first))
        contestant.take_back(page)
        return counted


def _ask(contestant: Contestant, page: Page, requests: int) -> None:
    first = islice(contestant.requests(page), requests)
    measure(contestant.served.port, first, clients=max(CLIENTS), seconds=60)
    contestant.take_back(page)


def _figures(timing: Timing, spent: Spent, bare: float) -> Figures:
    requests = len(timing.answers)
    return Figures(
        per_second=timing.per_second,
        p50=timing.percentile(0.5),
        p99=timing.percentile(0.99),
        processor=spent.application / requests,
        database=spent.database / requests,
        bare=bare,
        strangers=spent.others / (timing.seconds * (os.cpu_count() or 1)),
    )
