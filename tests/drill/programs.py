"""The programs of a hospital, each in its place and with a log. All are stopped at the end."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.drill.network import Network

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
STOP_SECONDS = 40


class NotReady(RuntimeError):
    """Something did not happen in time. The message says what, with the last lines of the log."""


def wait_until(happened: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
    """Raises `NotReady` when it does not happen within `seconds`."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} did not happen within {seconds:g} s")
        time.sleep(0.05)


@dataclass
class Program:
    """One running program with its children."""

    name: str
    place: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def runs(self) -> bool:
        return self.process.poll() is None

    def kill(self) -> None:
        """Kills it at once, like a power failure."""
        if self.runs:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill_children(self) -> None:
        """Kills its children but not itself."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in children.split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def stop(self) -> None:
        """Asks it to end, and waits until it has ended."""
        self.tell(signal.SIGTERM)
        self.process.wait(STOP_SECONDS)

    def wait_until(self, happened: Callable[[], bool]) -> None:
        """Raises `NotReady`, also when the program ends before that."""

        def happened_or_ended() -> bool:
            return happened() or not self.runs

        wait_until(happened_or_ended, f"the start of {self.name}")
        if not self.runs:
            raise NotReady(f"{self.name} has ended:\n{self.log.read_text()[-3000:]}")


@dataclass
class Programs:
    """Starts programs in the places of a network. Their logs are in `folder`."""

    network: Network
    folder: Path
    _all: list[Program] = field(default_factory=list)

    def start(
        self, name: str, place: str, *command: str, cwd: Path = ROOT, **environment: str
    ) -> Program:
        """The kernel kills it when this process ends for any reason.

        Call it from a thread that keeps running: for the kernel, that thread is the parent.
        """
        inside = ("ip", "netns", "exec", self.network.namespace(place))
        return self._start(inside, name, place, command, environment, cwd)

    def start_mounting(self, name: str, place: str, *command: str) -> Program:
        """For a program that mounts something. Programs started after it see the mount."""
        inside = ("nsenter", f"--net=/run/netns/{self.network.namespace(place)}")
        return self._start(inside, name, place, command, {})

    def _start(
        self,
        inside: Sequence[str],
        name: str,
        place: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path = ROOT,
    ) -> Program:
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*inside, "setpriv", "--pdeathsig", "KILL", *command],
                cwd=cwd,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        program = Program(name, place, process, log)
        self._all.append(program)
        return program

    def in_place(self, place: str) -> list[Program]:
        return [one for one in self._all if one.place == place and one.runs]

    def kill_all(self) -> None:
        for one in self._all:
            one.kill()
