"""A person's browser: cookies, forms, redirects, and what people and pages do when no good answer comes.

It has the addresses of all nodes of the load balancer, as from a name server, and tries the next when
one does not answer. Every request is written to the ledger.
"""

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from tests.drill.ledger import Asked, Fate, Ledger
from tests.drill.pages import Form, Page
from tests.drill.settings import PORTAL_NAME, PORTAL_URL

PATIENCE = 10
"""People reload a page that has not loaded after this many seconds."""
SHORTEST_PAUSE, LONGEST_PAUSE = 2, 10
"""Growing seconds between two tries, like those of the portal's waiting page (static/js/try_again.js)."""
HEALTH = "/health/ready"
NEXT_ADDRESS = 0.25
"""Seconds after which a browser also tries the next address of a name (RFC 8305)."""


class Resolver(AbstractResolver):
    """Answers for the portal's name, like a public name server: all nodes, in rotating order."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = list(nodes)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self._nodes.append(self._nodes.pop(0))
        hosts = self._nodes if host == PORTAL_NAME else [host]
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in hosts
        ]

    async def close(self) -> None:
        pass


class GaveUp(Exception):
    """The day is over and there is still no good answer. The message names the request."""


@dataclass
class Browser:
    """`number` identifies the person in the ledger; after `day_is_over`, there are no more retries."""

    number: int
    ledger: Ledger
    nodes: Sequence[str]
    day_is_over: Callable[[], bool]
    cookie: str = ""
    random: Random = field(default_factory=Random)
    _http: aiohttp.ClientSession = field(init=False)
    _last: str = ""
    _shows_waiting_page: bool = False
    tries: int = 0
    """How often the last page had to be requested again."""

    async def __aenter__(self) -> "Browser":
        jar = aiohttp.CookieJar(unsafe=True)
        if self.cookie:
            name, _, value = self.cookie.partition("=")
            jar.update_cookies({name: value}, URL(PORTAL_URL))
        connector = aiohttp.TCPConnector(
            resolver=Resolver(self.nodes), use_dns_cache=False, happy_eyeballs_delay=NEXT_ADDRESS
        )
        self._http = aiohttp.ClientSession(
            cookie_jar=jar, connector=connector, timeout=aiohttp.ClientTimeout(total=PATIENCE)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def get(self, path: str) -> Page:
        """The page after any number of tries and redirects. Raises `GaveUp`.

        It leaves a waiting page by that page's own link.
        """
        self.tries = tries = 0
        while True:
            page = await self._try("GET", urljoin(PORTAL_URL, path))
            if page is not None and page.location:
                path, tries = page.location, 0
            elif page is not None and page.is_good:
                return page
            else:
                await self.pause(tries)
                tries, self.tries = tries + 1, self.tries + 1
                path = (page.waits and page.waits_for) or path if page else path

    async def send(self, form: Form) -> Page | None:
        """Sends the form once. Returns the answer without following redirects, or None without an answer."""
        return await self._try("POST", form.action, _content(form))

    async def pause(self, tries: int) -> None:
        """Waits before the next try: on the portal's waiting page, until the database can be reached.

        Raises `GaveUp`.
        """
        while True:
            pause = min(LONGEST_PAUSE, SHORTEST_PAUSE * 1.5**tries)
            await asyncio.sleep(pause * self.random.uniform(0.75, 1.25))
            if self.day_is_over():
                raise GaveUp(f"gave up waiting for {self._last}")
            if not self._shows_waiting_page or await self._records_can_be_reached():
                return
            tries += 1

    async def _records_can_be_reached(self) -> bool:
        """The request of the waiting page's script. Nobody sees its answer, so it is not in the ledger."""
        try:
            async with self._http.get(urljoin(PORTAL_URL, HEALTH)) as answer:
                return (await answer.json()).get("database") is True
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return False

    async def _try(
        self, method: str, address: str, content: aiohttp.FormData | None = None
    ) -> Page | None:
        began, page = time.monotonic(), None
        try:
            async with self._http.request(
                method, address, data=content, allow_redirects=False
            ) as answer:
                page = await _read(answer)
        except (aiohttp.ClientError, TimeoutError, OSError):
            pass
        self._shows_waiting_page = page is not None and page.waits
        self._last = f"{method} {URL(address).path}: {page.status if page else 'silence'}"
        status, path = page.status if page else None, URL(address).path
        self.ledger.asked.append(
            Asked(
                self.number, began, time.monotonic(), method == "POST", fate_of(page), status, path
            )
        )
        return page


def fate_of(page: Page | None) -> Fate:
    if page is None:
        return Fate.SILENCE
    if page.waits:
        return Fate.WAITS
    return Fate.GOOD if page.is_good else Fate.ERROR


def _content(form: Form) -> aiohttp.FormData:
    content = aiohttp.FormData(form.fields)
    if form.file is not None:
        name, held = form.file
        content.add_field("files", held, filename=name, content_type="text/plain")
    return content


async def _read(answer: aiohttp.ClientResponse) -> Page:
    here, leads_to = str(answer.url), answer.headers.get("Location")
    body = await answer.read()
    return Page(answer.status, here, body, urljoin(here, leads_to) if leads_to else None)
