"""`python -m tests.drill`: opens hospitals, causes faults in them, and reports."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryDirectory

from tests.drill.building import NotRoot
from tests.drill.drill import Scenario
from tests.drill.figures import Figures, figures_of
from tests.drill.furnishing import furnish
from tests.drill.programs import ROOT
from tests.drill.report import in_a_line, write_report
from tests.drill.running import run
from tests.drill.scenarios import LATE_NAME, LONG, SCENARIOS, SHORT
from tests.drill.share import FOLDER

EVERY = {one.name: one for one in (*SCENARIOS, LATE_NAME, LONG)}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--only", action="append", choices=EVERY, metavar="FAULT")
    parser.add_argument("--short", action="store_true", help="a cut zone and lost replies")
    parser.add_argument("--repeat", type=int, default=1, help="how often each is run")
    parser.add_argument("--seed", type=int, help="who comes when, as in the run that printed it")
    parser.add_argument("--figures", type=Path, default=Path("build/drill"), help="kept there")
    parser.add_argument(
        "--report", type=Path, help="where to write it; beside the figures if not told"
    )
    return parser.parse_args()


def main() -> int:
    given = options()
    for scenario in _chosen(given):
        Figures.forget(given.figures, scenario.name)
    with ExitStack() as stack:
        beside = stack.enter_context(_beside(LONG, given)) if _is_whole(given) else ()
        folder = Path(stack.enter_context(TemporaryDirectory(prefix=f"{FOLDER}{os.getpid()}-")))
        furnishing = furnish(folder)
        for scenario in _chosen(given):
            for number in range(given.repeat):
                seed = given.seed if given.seed is not None else randbelow(2**32)
                figures = figures_of(run(furnishing, scenario, seed))
                figures.keep(given.figures, number)
                print(in_a_line(figures), flush=True)
    every = sorted(Figures.kept(given.figures), key=lambda one: list(EVERY).index(one.scenario))
    print(f"Report: {write_report(every, given.report or given.figures)}")
    run_now = {one.name for one in (*_chosen(given), *beside)}
    if broken := run_now - {one.scenario for one in every}:
        print(f"Nothing came of: {', '.join(sorted(broken))}")
    return 1 if broken or any(one.findings for one in every if one.scenario in run_now) else 0


def _is_whole(given: argparse.Namespace) -> bool:
    return not given.only and not given.short


def _chosen(given: argparse.Namespace) -> Sequence[Scenario]:
    """What this process runs itself."""
    if given.only:
        return [EVERY[name] for name in given.only]
    return SHORT if given.short else (*SCENARIOS, LATE_NAME)


@contextmanager
def _beside(scenario: Scenario, given: argparse.Namespace) -> Iterator[Sequence[Scenario]]:
    """Runs the scenario in its own process meanwhile: another hospital, which meets no other."""
    command = [sys.executable, "-m", "tests.drill", "--only", scenario.name]
    command += ["--repeat", str(given.repeat), "--figures", str(given.figures)]
    Figures.forget(given.figures, scenario.name)
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield (scenario,)
        process.wait()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    # So that a hospital is also closed when another process ends this one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to end"))
    try:
        sys.exit(main())
    except NotRoot as reason:
        sys.exit(str(reason))
