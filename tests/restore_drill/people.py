"""People at work while the hospital is backed up and destroyed, and what was promised to them."""

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from flask import Flask
from flask.testing import FlaskClient

from portal.errors import Unavailable
from portal.shared_files import Missing, SharedFiles
from portal.web.submissions import new_key

WRITERS = 4
PAUSE = 0.01


@dataclass(frozen=True)
class Promise:
    """Something that somebody was told is done: a clinic under this submission key, or a file."""

    name: str
    key: str
    at: float
    """By the monotonic clock, when the answer had come."""
    sha256: str = ""


@dataclass
class Ledger:
    clinics: list[Promise] = field(default_factory=list)
    files: list[Promise] = field(default_factory=list)
    unknown: list[Promise] = field(default_factory=list)
    """Sent, but nobody knows: they may be there once, or not at all."""
    lock: Lock = field(default_factory=Lock)

    def note(self, where: list[Promise], promise: Promise) -> None:
        with self.lock:
            where.append(promise)


@contextmanager
def at_work(app: Flask, cookie: str, store: SharedFiles, ledger: Ledger) -> Iterator[Event]:
    """Adds clinics and writes files until the block ends. It starts when the event is set."""
    stop = Event()
    threads = [
        Thread(target=_found_clinics, args=(app, cookie, ledger, stop)) for _ in range(WRITERS)
    ]
    threads.append(Thread(target=_write_files, args=(store, ledger, stop)))
    for thread in threads:
        thread.start()
    try:
        yield stop
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _found_clinics(app: Flask, cookie: str, ledger: Ledger, stop: Event) -> None:
    browser: FlaskClient = app.test_client()
    browser.set_cookie("portal", cookie)
    while not stop.wait(PAUSE):
        name, key = f"Clinic {secrets.token_hex(6)}", new_key()
        form = {"name": name, "phone": "01632 960 200", "submission": key}
        status = browser.post("/administration/clinics/new", data=form).status_code
        told = Promise(name, key, time.monotonic())
        ledger.note(ledger.clinics if status == 303 else ledger.unknown, told)


def _write_files(store: SharedFiles, ledger: Ledger, stop: Event) -> None:
    while not stop.wait(5 * PAUSE):
        name, data = f"drill/{secrets.token_hex(8)}", secrets.token_bytes(20_000)
        try:
            store.put(name, data)
        except (Unavailable, Missing):
            continue
        found = hashlib.sha256(data).hexdigest()
        ledger.note(ledger.files, Promise(name, "", time.monotonic(), found))
