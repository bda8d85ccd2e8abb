"""Runs the worker: each job in its own thread, until SIGTERM or SIGINT."""

import logging
import signal
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from types import FrameType

from flask import Flask
from sqlalchemy.orm import sessionmaker

from portal.access import SYSTEM
from portal.context import Contexts
from portal.database import db
from portal.settings.configuration import Settings
from portal.telemetry.measures import JOB_FAILED, measured
from portal.telemetry.traces import place_of
from portal.worker.failures import Failures
from portal.worker.jobs import Job, jobs_of

log = logging.getLogger(__name__)

SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=1), timedelta(minutes=1)
"""The pause after a failure: doubled each time, reset after a success."""

GRACE = timedelta(seconds=60)
"""How long running work may take after the signal. Unfinished work is taken again when its lease ends.
"""


class Worker:
    """Runs jobs until `stop` is set."""

    def __init__(self, app: Flask, jobs: Iterable[Job], stop: Event) -> None:
        self._app = app
        self._jobs = tuple(jobs)
        self._stop = stop
        settings: Settings = app.extensions["settings"]
        self._hospital = settings.hospital
        with app.app_context():
            self._sessions = sessionmaker(db.engine, autoflush=False, expire_on_commit=False)

    def run(self) -> None:
        """Returns after `stop` is set and every job has finished its current batch."""
        threads = [
            Thread(target=self._repeat, args=(job,), name=job.name, daemon=True)
            for job in self._jobs
        ]
        for thread in threads:
            thread.start()
        self._stop.wait()
        deadline = time.monotonic() + GRACE.total_seconds()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _contexts(self) -> Contexts:
        return Contexts(self._sessions, SYSTEM, self._hospital, datetime.now(UTC))

    def _repeat(self, job: Job) -> None:
        pause = SHORTEST_PAUSE
        failures = Failures(self._sessions, job.name)
        while not self._stop.is_set():
            try:
                with self._app.app_context():
                    more = job.work(self._contexts())
            except Exception as fault:
                what, seconds = (
                    f"{type(fault).__name__} at {place_of(fault)}",
                    pause.total_seconds(),
                )
                log.error("%s: %s; again in %d s", job.name, what, seconds)
                measured(JOB_FAILED, JobsFailed=1, Job=job.name)
                failures.add(what, datetime.now(UTC))
                self._stop.wait(seconds)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                pause = SHORTEST_PAUSE
                failures.clear()
                if not more:
                    self._stop.wait(job.every.total_seconds())


def run(app: Flask) -> None:
    """The main function: runs until SIGTERM or SIGINT, then finishes the current work."""
    stop = Event()

    def on_signal(number: int, _: FrameType | None) -> None:
        log.info("%s: finishing what is in hand", signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    jobs = jobs_of(app.extensions["settings"], app.extensions["shared_files"])
    log.info("at work: %s", ", ".join(job.name for job in jobs))
    Worker(app, jobs, stop).run()
    log.info("stopped")
