"""One drill: a fault in a hospital at work, and what is promised about it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pymysql
from sqlalchemy import create_engine, make_url

from portal.database.connecting import connect
from portal.database.names import Name
from tests.drill.findings import Finding, Law
from tests.drill.hospital import Hospital
from tests.drill.load import VISITS_A_SECOND
from tests.drill.opening import Plan
from tests.drill.programs import wait_until
from tests.drill.settings import database_url

CALM = 4
"""Seconds of an ordinary day before the fault, and after everything is mended."""
EVERYBODY = "everybody"
WHO_IS_SIGNED_IN, WHO_NEEDS_NO_PAPERS = "who is signed in", "who needs no papers"
PROMOTION_SECONDS = 120
LOCKED_ROW = "SELECT id FROM patient WHERE id = 1"


@dataclass
class Drill:
    """What a fault does things to, and what it writes down."""

    hospital: Hospital
    marks: list[tuple[float, str]] = field(default_factory=list)
    hit: frozenset[str] = frozenset()
    """The zones whose instances the fault itself takes away."""
    findings: list[Finding] = field(default_factory=list)
    whole_again: float | None = None
    """When the database answered under its name again, or the fault was over."""

    def fault(self, words: str, hits: str = "") -> None:
        self.hospital.require_replication()
        self.hit |= frozenset(hits.split())
        self.mark(words)

    def mark(self, words: str) -> None:
        self.marks.append((time.monotonic(), words))

    def work(self, seconds: float) -> None:
        """People go on with their day meanwhile."""
        time.sleep(seconds)

    def wait_for_the_promotion(self) -> None:
        promotion = self.hospital.promotion
        wait_until(lambda: promotion.is_over, "the promotion", PROMOTION_SECONDS)
        self.whole_again = promotion.moments.name_moved
        assert self.whole_again is not None
        self.marks.append((self.whole_again, "the name moved"))

    @contextmanager
    def orphaned_lock(self, zone: str) -> Iterator[None]:
        """A transaction of the zone's portal locks a patient's row and says nothing more."""
        opened = self.hospital
        url = make_url(database_url(opened.furnishing.password, opened.primary.address))
        dialect = create_engine(url).dialect
        _, parameters = dialect.create_connect_args(url)
        with opened.network.inside(zone):
            connection = connect(dialect, parameters, Name(opened.primary.address))
        with connection.cursor() as cursor:
            cursor.execute(f"{LOCKED_ROW} FOR UPDATE")
        try:
            yield
        finally:
            with suppress(pymysql.MySQLError, OSError):
                connection.close()

    def wait_for_the_lock(self, seconds: float) -> None:
        """Waits until that row can be changed by others; a finding if it takes longer than `seconds`."""
        began = time.monotonic()
        while self.hospital.leading.is_locked(LOCKED_ROW):
            if time.monotonic() - began > seconds:
                what = f"a row that a dead zone had locked: not free within {seconds:g} s"
                self.findings.append(Finding(Law.LATE, what))
                return
        self.mark("the dead zone's lock is gone")

    def mend(self) -> None:
        """Everything runs again, and the old primary follows the new one."""
        self.hospital.mend()
        self.mark("mended")
        self.whole_again = self.whole_again or time.monotonic()
        self.work(CALM)


@dataclass(frozen=True)
class Scenario:
    """A fault, the hospital that it happens to, and what is promised about it."""

    fault: Callable[[Drill], None]
    plan: Plan = field(default_factory=Plan)
    visits_a_second: float = VISITS_A_SECOND
    unnoticed_by: str | None = None
    """Who must not see one error page: `EVERYBODY`, or one of those below it."""

    keeps_pace: bool = False
    """Whether the pages that need nothing of what is away are timed before and with the fault."""
    called: str = ""

    @property
    def name(self) -> str:
        return self.called or self.fault.__name__.replace("_", " ")
