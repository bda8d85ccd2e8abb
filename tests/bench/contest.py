"""What the portal's pages cost, measured: `make bench`. Never a timed test.

Two hospitals of one shape but of different size are filled into one MariaDB, and served by the portal
under gunicorn. Beside them, under the same gunicorn, stand a bare Flask page and the same pages made
with the raw driver. Rounds are interleaved, so that what disturbs one disturbs all.
"""

from contextlib import ExitStack
from pathlib import Path

from tests.bench import report
from tests.bench.audience import Audience
from tests.bench.measured import hospital
from tests.bench.measuring import Contestant, run
from tests.bench.pages import PAGES
from tests.bench.size import Size
from tests.mariadb import Server
from tests.served_portal import served

SMALLER = 100
"""How many times smaller the hospital is that the large one's cost is compared with."""
FEWEST = 1000
"""With fewer patients a clinic's days would be full of the same ones."""
UNLIMITED = "1000000"
"""Forty desks search here as fast as four hundred."""


def contest(
    server: Server,
    logs: Path,
    *,
    patients: int,
    rounds: int,
    seconds: float,
    driver: str = "pymysql",
) -> str:
    """Runs everything and returns the table. Applications' logs go to the folder `logs`."""
    few = max(patients // SMALLER, FEWEST)
    with ExitStack() as stack:
        large = stack.enter_context(hospital(server, "bench_large", Size.of(patients), driver))
        small = stack.enter_context(hospital(server, "bench_small", Size.of(few), driver))

        def contestant(
            name: str, application: str, audience: Audience | None, database_url: str
        ) -> Contestant:
            log = logs / f"{name}.log"
            it = served(database_url, log, application=application, SEARCHES_PER_MINUTE=UNLIMITED)
            return Contestant(name, stack.enter_context(it), audience)

        many, some = Audience.of(large), Audience.of(small)
        raw = "tests.bench.raw_pages.wsgi:app"
        contestants = [
            contestant(report.BARE, "tests.bench.bare_page:app", None, large.database_url),
            contestant(report.PORTAL, "wsgi:app", many, large.database_url),
            contestant(report.RAW, raw, many, large.database_url),
            contestant(report.SMALL, "wsgi:app", some, small.database_url),
        ]
        results = run(server, contestants, contestants[1], PAGES, rounds=rounds, seconds=seconds)
    return f"{report.bare_line(results, PAGES)}\n\n{report.table(results, PAGES)}"
