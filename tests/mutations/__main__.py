"""`python -m tests.mutations`: puts a sample of small faults into the portal and counts who notices."""

import argparse
import sys
import time
from pathlib import Path
from queue import SimpleQueue
from random import Random
from secrets import randbelow
from tempfile import TemporaryDirectory
from threading import Thread

from tests.mutations.covering import Covering, cover
from tests.mutations.mutants import Mutant, every_mutant
from tests.mutations.report import report, score
from tests.mutations.trying import Outcome, attempt, copy_of

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "mutations"
WANTED = 0.9


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutations", description=__doc__)
    parser.add_argument("--sample", type=int, default=100, help="how many faults")
    parser.add_argument("--seed", type=int, help="draws the same ones again")
    parser.add_argument("--minutes", type=float, default=60, help="begins none after this time")
    parser.add_argument("--at-once", type=int, default=2, help="how many are tried at once")
    parser.add_argument("--only", default="", help="only files whose path begins like this")
    parser.add_argument("--tests", nargs="+", help="instead of all that may notice")
    return parser.parse_args()


def main() -> int:
    given = options()
    seed = given.seed if given.seed is not None else randbelow(2**32)
    FOLDER.mkdir(parents=True, exist_ok=True)
    covering = cover(ROOT, FOLDER, given.tests) if given.tests else cover(ROOT, FOLDER)
    there = [one for one in every_mutant(ROOT) if one.path.startswith(given.only)]
    sample = Random(seed).sample(there, min(given.sample, len(there)))
    print(f"{len(sample)} of {len(there)} mutants, seed {seed}", flush=True)
    outcomes = _try_all(sample, covering, given.at_once, 60 * given.minutes)
    said = report(outcomes, seed)
    (FOLDER / "report.md").write_text(said)
    print(said)
    return 0 if outcomes and len(outcomes) == len(sample) and score(outcomes) >= WANTED else 1


def _try_all(
    sample: list[Mutant], covering: Covering, at_once: int, seconds: float
) -> list[Outcome]:
    waiting: SimpleQueue[Mutant] = SimpleQueue()
    for one in sample:
        waiting.put(one)
    outcomes: list[Outcome] = []
    until = time.monotonic() + seconds

    def work() -> None:
        with TemporaryDirectory(prefix="medicare-hub-mutant-") as folder:
            copy = copy_of(ROOT, Path(folder))
            while not waiting.empty() and time.monotonic() < until:
                mutant = waiting.get()
                outcome = attempt(mutant, copy, covering.tests_of(mutant.path, mutant.line))
                outcomes.append(outcome)
                print(
                    f"{'SURVIVED' if outcome.survived else 'noticed'} {outcome.words}", flush=True
                )

    threads = [Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


if __name__ == "__main__":
    sys.exit(main())
