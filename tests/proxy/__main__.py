"""`python -m tests.proxy`: the portal's response times while many slow peers hold connections.

Prints a Markdown table. Two visitors send requests at a steady rate over persistent connections, like a
load balancer: one for `/health/live`, one for the page of a signed-in patient.
"""

import http.client
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from tests.bench.signed_in import sign_in
from tests.builders import a_patient, an_account_of
from tests.mariadb import running_mariadb
from tests.processes import memory
from tests.proxied_portal import Proxied, proxied, tls
from tests.proxy.siege import Crowd, besieged, raise_limit_of_files
from tests.proxy.slow_peers import (
    a_slow_form,
    a_slow_upload,
    asking_for,
    half_sent_headers,
)
from tests.settings import settings_for

SECONDS, EVERY = 10, 0.05
LIVE, STYLES = "/health/live", "/static/build/medicare-hub.css"
IDLE = 10_000
CROWDS = (
    Crowd("200 slow forms", 200, a_slow_form),
    Crowd("200 slow uploads", 200, a_slow_upload),
    Crowd("200 half-sent headers", 200, half_sent_headers),
    Crowd("200 slow readers", 200, asking_for(STYLES), reads=True),
    Crowd(f"{IDLE:,} idle connections", IDLE, asking_for(LIVE), idle=True),
)


@dataclass(frozen=True)
class Page:
    """What a visitor requests."""

    path: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Times:
    """Seconds of each answer. `missing`: how many did not come within three seconds."""

    seconds: list[float]
    missing: int

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return (
            ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")
        )

    def __str__(self) -> str:
        p50, p99 = (self.percentile(share) * 1000 for share in (0.5, 0.99))
        lost = f", {self.missing} without an answer" if self.missing else ""
        return f"{p50:.1f} / {p99:.1f}{lost}" if self.seconds else f"no answer to {self.missing}"


def asked_steadily(port: int, page: Page, *, encrypted: bool) -> Times:
    found, missing = [], 0
    connection = _connection(port, encrypted=encrypted)
    over = time.monotonic() + SECONDS
    while (began := time.monotonic()) < over:
        try:
            connection.request("GET", page.path, headers=page.headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            found.append(time.monotonic() - began)
        except (OSError, http.client.HTTPException):
            missing += 1
            connection.close()
            connection = _connection(port, encrypted=encrypted)
        time.sleep(max(0.0, began + EVERY - time.monotonic()))
    connection.close()
    return Times(found, missing)


def _connection(port: int, *, encrypted: bool) -> http.client.HTTPConnection:
    if encrypted:
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=3, context=tls())
    return http.client.HTTPConnection("127.0.0.1", port, timeout=3)


def both(port: int, page: Page, *, encrypted: bool = True) -> tuple[Times, Times]:
    with ThreadPoolExecutor(2) as visitors:
        asks = [
            visitors.submit(asked_steadily, port, one, encrypted=encrypted)
            for one in (Page(LIVE, {}), page)
        ]
        live, other = (ask.result() for ask in asks)
    return live, other


def row(what: str, times: tuple[Times, Times], quiet: Times, megabytes: float) -> str:
    live, page = times
    ratio = page.percentile(0.5) / quiet.percentile(0.5)
    times_quiet = f"{ratio:.2f}" if page.seconds else "–"
    return f"| {what} | {live} | {page} | {times_quiet} | {megabytes:.0f} |"


def rows(instance: Proxied, page: Page) -> Iterator[str]:
    """There are quiet rounds between the crowds, because the machine itself may become slower."""
    yield "| what | `/health/live`, p50 / p99 ms | the page, p50 / p99 ms | × quiet | nginx, MB |"
    yield "|---|---|---|---|---|"
    both(instance.port, page)
    past = both(instance.portal.port, page, encrypted=False)
    quiet = both(instance.port, page)
    yield row("gunicorn alone, quiet", past, quiet[1], 0)
    yield row("behind nginx, quiet", quiet, quiet[1], memory(instance.pid) / 1e6)
    for crowd in CROWDS:
        before = both(instance.port, page)
        with besieged(instance.port, crowd):
            under = both(instance.port, page)
            size = memory(instance.pid) / 1e6
        after = both(instance.port, page)
        calm = Times(before[1].seconds + after[1].seconds, 0)
        yield row(f"behind nginx, {crowd.name}", under, calm, size)
    with besieged(instance.portal.port, CROWDS[0], encrypted=False):
        under = both(instance.portal.port, page, encrypted=False)
    yield row(f"gunicorn alone, {CROWDS[0].name}", under, past[1], 0)


@contextmanager
def a_portal(folder: Path) -> Iterator[tuple[Proxied, Page]]:
    with running_mariadb(durable=True) as server:
        url = server.create_database("portal")
        app = create_app(settings_for(url))
        with app.app_context():
            upgrade()
            db.engine.dispose()
        engine = create_engine(url)
        with Session(engine, expire_on_commit=False) as database:
            patient = a_patient(database)
            account = an_account_of(database, patient)
            database.commit()
            [browser] = sign_in(app, database, [account.id]).values()
        engine.dispose()
        page = Page(f"/patients/{patient.ref}", {"Cookie": browser.cookie})
        with proxied(url, folder) as instance:
            yield instance, page


def main() -> None:
    if (most := raise_limit_of_files()) < IDLE * 3 // 2:
        raise SystemExit(f"{IDLE:,} connections need more open files than {most}: ulimit -Hn")
    with (
        tempfile.TemporaryDirectory(prefix="medicare-hub-proxy-") as folder,
        a_portal(Path(folder)) as (instance, page),
    ):
        for line in rows(instance, page):
            print(line, flush=True)


if __name__ == "__main__":
    main()
