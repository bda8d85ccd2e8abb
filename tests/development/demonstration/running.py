"""`make run` in its own folder, started for real."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[3]
LAST_LINE = "Ctrl-C"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(folder: Path, port: int, sign_in_port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "portal.development.demonstration.run"),
        *("--folder", str(folder), "--port", str(port), "--sign-in-port", str(sign_in_port)),
    ]


@dataclass
class Running:
    process: "subprocess.Popen[str]"
    folder: Path
    port: int
    sign_in_port: int
    said: str

    @property
    def children(self) -> list[int]:
        """Every process below, the workers of gunicorn too."""
        return list(_below(self.process.pid))

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """The exit status, and what was said on both streams since the start."""
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=120)
        return self.process.returncode, rest


@contextmanager
def running(folder: Path, port: int = 0, sign_in_port: int = 0) -> Iterator[Running]:
    """Returns once it says that it is open; it is stopped at the end, if it still runs."""
    port, sign_in_port = port or free_port(), sign_in_port or free_port()
    process = subprocess.Popen(
        command(folder, port, sign_in_port),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout
        said = ""
        for line in process.stdout:
            said += line
            if LAST_LINE in line:
                break
        assert LAST_LINE in said, said
        yield Running(process, folder, port, sign_in_port, said)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=120)


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _below(int(child))


def refusal(folder: Path, port: int, sign_in_port: int) -> str:
    """What it says when it does not start."""
    ended = subprocess.run(
        command(folder, port, sign_in_port), cwd=PROJECT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode != 0
    return ended.stderr
