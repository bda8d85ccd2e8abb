"""What the portal's pages cost, measured: `make bench`. Never a timed test.

Two hospitals of one shape but of different size are filled into one MariaDB, and served by the portal
under gunicorn. For comparison, gunicorn also serves a bare Flask page and the same pages made with the raw
driver. Rounds are interleaved, so that what disturbs one disturbs all.
"""

from contextlib import ExitStack
from pathlib import Path

from tests.bench import report
from tests.bench.audience import Audience
from tests.bench.measured import hospital
from tests.bench.measuring import Contest, Contestant
from tests.bench.pages import PAGES
from tests.bench.results import Results
from tests.bench.size import Size
from tests.mariadb import Server
from tests.served_portal import Served, served

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
) -> Results:
    """Runs everything. Applications' logs go to the folder `logs`."""
    few = max(patients // SMALLER, FEWEST)
    with ExitStack() as stack:
        large = stack.enter_context(hospital(server, "bench_large", Size.of(patients), driver))
        small = stack.enter_context(hospital(server, "bench_small", Size.of(few), driver))

        def serve(name: str, application: str, database_url: str) -> Served:
            log = logs / f"{name}.log"
            it = served(database_url, log, application=application, SEARCHES_PER_MINUTE=UNLIMITED)
            return stack.enter_context(it)

        def contestant(name: str, application: str, audience: Audience) -> Contestant:
            it = serve(name, application, audience.hospital.database_url)
            return Contestant(name, it, audience)

        many, some = Audience.of(large), Audience.of(small)
        contestants = [
            contestant(report.PORTAL, "wsgi:app", many),
            contestant(report.RAW, "tests.bench.raw_pages.wsgi:app", many),
            contestant(report.SMALL, "wsgi:app", some),
        ]
        bare = serve("bare", "tests.bench.bare_page:app", large.database_url)
        return Contest(server, bare, contestants, PAGES, seconds).run(rounds)
