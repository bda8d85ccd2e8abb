"""`python -m tests.bench`: fills two hospitals, serves them, measures their pages, prints a table."""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench.contest import contest
from tests.mariadb import running_mariadb


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--patients", type=int, default=100_000, help="of the larger hospital")
    parser.add_argument("--rounds", type=int, default=3, help="medians are taken over these")
    parser.add_argument("--seconds", type=float, default=3, help="longest for one measurement")
    parser.add_argument("--driver", default="pymysql", help="the portal's: pymysql or mysqldb")
    return parser.parse_args()


def main() -> None:
    given = options()
    with ExitStack() as stack:
        server = stack.enter_context(running_mariadb(durable=True))
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="medicare-hub-bench-")))
        print(contest(server, logs, **vars(given)))


if __name__ == "__main__":
    main()
