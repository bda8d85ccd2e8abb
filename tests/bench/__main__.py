"""`python -m tests.bench`: fills two hospitals, serves them, measures their pages, prints a table.

It ends with 1 when other programs kept this machine too busy.
"""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench import report
from tests.bench.contest import contest
from tests.bench.pages import PAGES
from tests.mariadb import running_mariadb


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--patients", type=int, default=100_000, help="of the larger hospital")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken over these")
    parser.add_argument("--seconds", type=float, default=3, help="longest for one measurement")
    parser.add_argument("--driver", default="pymysql", help="the portal's: pymysql or mysqldb")
    return parser.parse_args()


def main() -> int:
    given = options()
    with ExitStack() as stack:
        server = stack.enter_context(running_mariadb(durable=True))
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medicare-hub-bench-")))
        results = contest(server, logs, **vars(given))
    print(f"{report.bare_line(results)}\n\n{report.table(results, PAGES)}")
    if fault := report.verdict(results):
        print(f"\n{fault}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
