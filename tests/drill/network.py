"""The hospital's network: places joined by one bridge, none of them with a way out.

    with network("zone-a", "zone-b", "region") as net:
        with net.inside("zone-a"):
            socket.create_server((address("zone-a", "portal"), 80))
        net.cut("zone-a")

Each place is a network namespace; the bridge has its own namespace, so nothing leads to this
machine or further. Everything has the run's own name, so several runs can be under way at once.
"""

import ctypes
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.drill.slow_line import SlowLine

BRIDGE = "bridge"
LINE = "line"
"""What a place calls its end of the line to the bridge."""
PLACES = {"zone-a": 1, "zone-b": 2, "zone-c": 3, "region": 8, "people": 9}
PARTS = {"place": 1, "portal": 10, "database": 20, "balancer": 30, "files": 40}

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def address(place: str, part: str = "place") -> str:
    """The address of a part in a place. They are the same in each run: no two runs can meet."""
    return f"10.20.{PLACES[place]}.{PARTS[part]}"


def run(*command: str) -> str:
    """What the program said. Raises `CalledProcessError` with its complaint in a note."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        fault = subprocess.CalledProcessError(done.returncode, command)
        fault.add_note(done.stderr.strip())
        raise fault
    return done.stdout


@dataclass
class Network:
    """The places of one run, and what can be done to the lines between them."""

    name: str
    places: Sequence[str]
    dark: set[str] = field(default_factory=set)
    """The places that are cut off at the moment."""
    parted: set[str] = field(default_factory=set)
    """Those that can't see some other place at the moment."""
    cuts: int = 0
    """How often some place was cut off."""
    slow_lines: "dict[str, SlowLine]" = field(default_factory=dict)
    """Those lines that can be slowed down, by place."""

    def namespace(self, place: str) -> str:
        return f"{self.name}-{place}"

    @contextmanager
    def inside(self, place: str) -> Iterator[None]:
        """What this thread opens or starts in here, further threads included, is in the place."""
        with Path("/proc/thread-self/ns/net").open() as home:
            _enter(Path("/run/netns") / self.namespace(place))
            try:
                yield
            finally:
                _enter(Path(f"/proc/self/fd/{home.fileno()}"))

    def cut(self, place: str) -> None:
        """From now on nothing gets in or out: nothing answers and nothing is refused."""
        self._darken("dark", place)

    def deafen(self, place: str) -> None:
        """From now on nothing gets in; what the place says is still heard outside."""
        self._darken("deaf", place)

    def part(self, one: str, other: str) -> None:
        """The two can't see each other any more; everybody else sees both."""
        self._add(BRIDGE, "bridge", "parted", f"{one} . {other}, {other} . {one}")
        self.parted |= {one, other}

    def silence(self, place: str, part: str) -> None:
        """One part's address goes dark, also for its neighbours in the same place."""
        self._add(place, "inet", "silent", address(place, part))

    def heal(self) -> None:
        """Every line is as it was at the beginning."""
        for kind in ("dark", "deaf", "parted"):
            self.command(BRIDGE, "nft", "flush", "set", "bridge", "drill", kind)
        for place in self.places:
            self.command(place, "nft", "flush", "set", "inet", "drill", "silent")
        self.dark.clear()
        self.parted.clear()

    def command(self, place: str, *command: str) -> str:
        return run("ip", "netns", "exec", self.namespace(place), *command)

    def _darken(self, kind: str, place: str) -> None:
        self._add(BRIDGE, "bridge", kind, place)
        self.dark.add(place)
        self.cuts += 1

    def _add(self, place: str, family: str, kind: str, elements: str) -> None:
        self.command(
            place, "nft", "add", "element", family, "drill", kind, "{", *elements.split(" "), "}"
        )


def _enter(namespace: Path) -> None:
    with namespace.open() as handle:
        if _libc.setns(handle.fileno(), _CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"can't enter {namespace}")
