"""The day's load: people arrive at fixed times, however long others have to wait (open loop)."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from random import Random
from threading import Event, Thread

from tests.drill.browser import Browser, GaveUp
from tests.drill.diary import Diary, Visit
from tests.drill.hospital import ZONES, Hospital
from tests.drill.ledger import Ledger
from tests.drill.network import address
from tests.drill.pages import Unexpected
from tests.drill.population import Person
from tests.drill.visitor import Visitor

VISITS_A_SECOND = 6.0
LAST_TRIES = 45
"""Seconds after closing time in which everybody may still finish."""


class Load:
    """Everybody's browsers, in their own thread outside the zones."""

    def __init__(self, hospital: Hospital, seed: int, visits_a_second: float) -> None:
        self.ledger = Ledger()
        self._hospital = hospital
        self._rate = visits_a_second
        self._random = Random(seed)
        self._closing = Event()
        self._over = False
        self._under_way: set[asyncio.Task[None]] = set()
        self._fault: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def end(self) -> None:
        """Nobody new comes; returns when everybody is done, or has given up."""
        self._closing.set()
        self._thread.join()
        if self._fault is not None:
            raise self._fault

    def _run(self) -> None:
        try:
            with self._hospital.network.inside("people"):
                asyncio.run(self._day())
        except BaseException as fault:
            self._fault = fault

    async def _day(self) -> None:
        population = self._hospital.furnishing.population
        async with AsyncExitStack() as browsers:
            patients = await self._arrive(browsers, population.patients)
            desks = await self._arrive(browsers, population.desks)
            newcomers = await self._arrive(browsers, population.newcomers)
            await self._open_doors(Diary(population, patients, desks, newcomers, self._random))
            await self._let_everybody_finish()

    async def _arrive(self, browsers: AsyncExitStack, persons: Sequence[Person]) -> list[Visitor]:
        nodes = [address(zone, "balancer") for zone in ZONES]
        visitors = []
        for person in persons:
            number = self._random.getrandbits(60)
            cookie = person.browser.cookie if person.browser else ""
            if not cookie:
                self.ledger.newcomers.add(number)
            browser = await browsers.enter_async_context(
                Browser(number, self.ledger, nodes, lambda: self._over, cookie, Random(number))
            )
            visitors.append(Visitor(person, browser, self.ledger, Random(number)))
        return visitors

    async def _open_doors(self, diary: Diary) -> None:
        self.ledger.turned_away = diary.turned_away
        due = time.monotonic()
        while not self._closing.is_set():
            due += self._random.expovariate(self._rate)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            for visit in diary.next():
                task = asyncio.create_task(self._accompany(visit))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)

    async def _let_everybody_finish(self) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LAST_TRIES)
        self._over = True
        if self._under_way:
            await asyncio.wait(self._under_way)

    async def _accompany(self, visit: Visit) -> None:
        visitor, what = visit
        visitor.is_busy = True
        try:
            await what
        except (GaveUp, Unexpected) as surprise:
            self.ledger.surprises.append(str(surprise))
        except Exception as fault:
            self.ledger.surprises.append(f"{type(fault).__name__}: {fault}")
        finally:
            visitor.is_busy = False
