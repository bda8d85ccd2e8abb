"""A moved clock shows another time of day, and durations stay right."""

import subprocess
import sys
import time
from pathlib import Path

from tests.drill.clocks import Clock
from tests.drill.programs import ROOT
from tests.eventually import eventually

ASKS = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from tests.drill.clocks import follow
follow(Path(sys.argv[1]))
for _ in sys.stdin:
    print(datetime.now(UTC).timestamp(), time.time(), time.monotonic(), flush=True)
"""


def test_the_time_of_day_is_off_and_nothing_else(tmp_path: Path) -> None:
    clock = Clock.right(tmp_path / "clock")
    command = [sys.executable, "-c", ASKS, str(clock.file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as program:  # type: ignore[call-overload]

        def off() -> int:
            """Minutes by which its time of day is ahead of this process's."""
            program.stdin.write("well?\n")
            program.stdin.flush()
            told = [float(one) for one in program.stdout.readline().split()]
            assert abs(told[0] - told[1]) < 60
            assert abs(told[2] - time.monotonic()) < 60
            return round((told[1] - time.time()) / 60)

        assert off() == 0
        for seconds in (7200, -7200, 0):
            clock.step(seconds)
            assert eventually(lambda wanted=seconds // 60: off() == wanted)  # type: ignore[misc]
        program.stdin.close()
