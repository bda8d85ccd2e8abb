"""`python -m tests.bench.documents`: what documents cost. Prints a Markdown table.

It serves the portal with a durable MariaDB, and keeps text files on this machine's disk. For the last
figures, the shared directory is on a mount that hangs.
"""

import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from threading import Event
from typing import Any

import requests
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from portal import create_app
from portal.database import db
from portal.models import DocumentReference
from portal.shared_files import SharedFiles
from portal.vocabulary import Scan
from portal.web import submissions
from tests.bench.client import Timing, measure
from tests.bench.signed_in import Browser, sign_in
from tests.builders import a_patient, an_account_of
from tests.documents.sample_files import a_long_text
from tests.hanging_files import hanging_files
from tests.mariadb import Server, running_mariadb
from tests.processes import memory
from tests.served_portal import Served, served
from tests.settings import settings_for

LARGE, SMALL = 25_000_000, 100_000
"""Bytes."""
TIMES, PARALLEL, SECONDS, WARMING, ANSWERS = 5, 16, 5, 3, 12
KIND = {"type": "other"}


@dataclass(frozen=True)
class Bench:
    """A portal with one patient in it, and her browser."""

    portal: Served
    database: Session
    browser: Browser
    documents: str
    """The address of her documents."""

    def post(self, size: int) -> requests.Response:
        """Sends one new file of this size."""
        content = secrets.token_hex(16).encode() + a_long_text(size - 32)
        return requests.post(
            f"{self.portal.address}{self.documents}/new",
            data={**KIND, "csrf_token": self.browser.csrf_token, **_new_key()},
            files={"files": ("file.txt", content, "text/plain")},
            headers={"Cookie": self.browser.cookie},
            allow_redirects=False,
            timeout=120,
        )

    def upload(self, size: int) -> float:
        """Seconds."""
        began = time.monotonic()
        answer = self.post(size)
        assert answer.status_code == 303, answer.text
        return time.monotonic() - began

    def address_of_latest(self) -> str:
        """Of a file that is found clean."""
        self.database.rollback()
        self.database.execute(update(DocumentReference).values(scan=Scan.CLEAN))
        self.database.commit()
        latest = select(DocumentReference.ref).order_by(DocumentReference.id.desc()).limit(1)
        return f"{self.documents}/{self.database.scalar(latest)}/file"

    def pages(self, path: str, words: str, clients: int) -> Timing:
        request = self.browser.get(path, words)
        return measure(self.portal.port, repeat(request), clients=clients, seconds=SECONDS)


def _new_key() -> dict[str, str]:
    return {submissions.FIELD: submissions.new_key()}


@contextmanager
def a_bench(server: Server, name: str, folder: Path, shared: Path) -> Iterator[Bench]:
    url = server.create_database(name)
    settings: dict[str, Any] = {"SHARED_FILES_DIRECTORY": str(shared), "DOCUMENTS_A_DAY": "100000"}
    app = create_app(settings_for(url, **settings))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    SharedFiles(shared).prepare()
    engine = create_engine(url)
    with Session(engine, expire_on_commit=False) as database:
        documents, browser = _a_patient(app, database)
        with served(url, folder / f"{name}.log", **settings) as portal:
            yield Bench(portal, database, browser, documents)
    engine.dispose()


def _a_patient(app: Flask, database: Session) -> tuple[str, Browser]:
    patient = a_patient(database)
    account = an_account_of(database, patient)
    database.commit()
    [browser] = sign_in(app, database, [account.id]).values()
    return f"/patients/{patient.ref}/documents", browser


def loads(bench: Bench) -> Iterator[tuple[str, str]]:
    """Up, down, small, and memory."""
    up = statistics.median(bench.upload(LARGE) for _ in range(TIMES))
    yield "25 MB up, to the row", f"{up:.2f} s ({LARGE / 1e6 / up:.0f} MB/s)"
    address = bench.address_of_latest()
    down = statistics.median(_download(bench, address) for _ in range(TIMES))
    yield (
        "25 MB down, compared with its hash first",
        f"{down:.2f} s ({LARGE / 1e6 / down:.0f} MB/s)",
    )
    bench.upload(SMALL)
    small = bench.pages(bench.address_of_latest(), "0123456789", PARALLEL)
    yield "100 kB down, 16 clients", f"{small.per_second:.0f} a second"
    before = memory(bench.portal.pid)
    with ThreadPoolExecutor(PARALLEL) as pool:
        seconds = list(pool.map(bench.upload, [LARGE] * PARALLEL))
    after = memory(bench.portal.pid)
    yield "16 × 25 MB up at once", f"{max(seconds):.1f} s until the last"
    yield (
        "memory of all processes before and after that",
        f"{before / 1e6:.0f} and {after / 1e6:.0f} MB",
    )


def _download(bench: Bench, address: str) -> float:
    began = time.monotonic()
    answer = requests.get(
        bench.portal.address + address, headers={"Cookie": bench.browser.cookie}, timeout=120
    )
    assert len(answer.content) == LARGE, answer.text[:300]
    return time.monotonic() - began


def hanging(server: Server, folder: Path) -> Iterator[tuple[str, str]]:
    """The speed of another page while two people send files, before and while the mount hangs."""
    with (
        hanging_files(folder) as files,
        a_bench(server, "hanging", folder, files.mount) as bench,
    ):
        page = bench.documents.removesuffix("/documents")
        for _ in range(WARMING):
            bench.upload(SMALL)
            bench.pages(page, "Your appointments", 1)
        with _senders(bench) as answers:
            calm = bench.pages(page, "Your appointments", 4)
            yield "another page, 4 clients, while two people send files", _in_words(calm)
            files.hang()
            answers.clear()
            held = bench.pages(page, "Your appointments", 4)
            yield "the same while the mount hangs", _in_words(held)
            while len(answers) < ANSWERS:
                time.sleep(0.1)
        files.let_go()
        told = [answer.elapsed.total_seconds() for answer in answers if answer.status_code == 503]
        yield (
            "until a sender was told that documents rest",
            (f"{statistics.median(told):.2f} s, at first {max(told):.1f} s"),
        )


@contextmanager
def _senders(bench: Bench) -> Iterator[list[requests.Response]]:
    """Two people who each send a small file, wait half a second, and send the next."""
    stop, answers = Event(), list[requests.Response]()

    def send_on() -> None:
        while not stop.wait(0.5):
            answers.append(bench.post(SMALL))

    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            pool.submit(send_on)
        yield answers
        stop.set()


def _in_words(timing: Timing) -> str:
    p50, p99 = (timing.percentile(share) * 1000 for share in (0.5, 0.99))
    return f"{timing.per_second:.0f} a second, p50 / p99 {p50:.0f} / {p99:.0f} ms"


def main() -> None:
    with (
        running_mariadb(durable=True) as server,
        tempfile.TemporaryDirectory(prefix="medicare-hub-bench-") as name,
    ):
        folder = Path(name)
        shared = folder / "shared"
        shared.mkdir()
        print("| what | figure |\n|---|---|")
        with a_bench(server, "documents", folder, shared) as bench:
            for what, figure in loads(bench):
                print(f"| {what} | {figure} |", flush=True)
        for what, figure in hanging(server, folder):
            print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
