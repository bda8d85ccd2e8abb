"""The drill's own network: cut lines are silent, slow lines are slow, and nothing is left behind."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest

from tests.drill.building import PREFIX, NotRoot, network, remove_leftovers
from tests.drill.network import Network, address, run


@pytest.fixture
def net() -> Iterator[Network]:
    with network("zone-a", "zone-b", "region", slow=("zone-b",)) as built:
        yield built


def echo(net: Network, place: str) -> None:
    """A server in the place that gives back what it gets."""
    with net.inside(place):
        server = socket.create_server((address(place, "portal"), 80))

    def answer() -> None:
        # A place that is removed takes its lines with it: "Network is unreachable".
        with suppress(OSError), server, server.accept()[0] as one:
            while data := one.recv(100):
                one.sendall(data)

    Thread(target=answer, daemon=True).start()


def call(net: Network, place: str, other: str) -> socket.socket:
    with net.inside(place):
        return socket.create_connection((address(other, "portal"), 80), timeout=1)


def asked(line: socket.socket) -> float:
    """Seconds until the echo came back."""
    began = time.monotonic()
    line.sendall(b"well?")
    assert line.recv(100) == b"well?"
    return time.monotonic() - began


def test_places_see_each_other_and_nothing_else(net: Network) -> None:
    echo(net, "zone-a")
    with call(net, "region", "zone-a") as line:
        asked(line)
    routes = run("ip", "-n", net.namespace("zone-a"), "route")
    assert "default" not in routes


def test_a_cut_place_neither_answers_nor_refuses(net: Network) -> None:
    echo(net, "zone-a")
    with call(net, "region", "zone-a") as line:
        net.cut("zone-a")
        with pytest.raises(TimeoutError):
            asked(line)
        with pytest.raises(TimeoutError):
            call(net, "region", "zone-a")
        net.heal()
        line.settimeout(30)
        assert line.recv(100) == b"well?"  # the kernel had gone on trying


def test_a_deaf_place_hears_nothing_and_is_heard(net: Network) -> None:
    with net.inside("region"):
        ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ear.bind((address("region"), 5000))
        ear.settimeout(5)
    with net.inside("zone-a"):
        mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with ear, mouth:
        mouth.sendto(b"before", (address("region"), 5000))  # both know each other's hardware now
        assert ear.recv(100) == b"before"
        net.deafen("zone-a")
        mouth.sendto(b"heard", (address("region"), 5000))
        assert ear.recv(100) == b"heard"
        echo(net, "zone-a")
        with pytest.raises(TimeoutError):
            call(net, "region", "zone-a")


def test_places_that_are_separated_are_seen_by_the_others(net: Network) -> None:
    echo(net, "zone-a")
    net.part("zone-a", "zone-b")
    with pytest.raises(TimeoutError):
        call(net, "zone-b", "zone-a")
    call(net, "region", "zone-a").close()


def test_a_silenced_part_is_dark_for_its_neighbours_too(net: Network) -> None:
    echo(net, "zone-a")
    net.silence("zone-a", "portal")
    with pytest.raises(TimeoutError):
        call(net, "zone-a", "zone-a")


def test_a_slow_line_takes_its_time(net: Network) -> None:
    echo(net, "zone-b")
    with call(net, "region", "zone-b") as line:
        asked(line)
        net.slow_lines["zone-b"].delay = 0.1
        assert asked(line) >= 0.2


def test_a_lossy_line_loses_some(net: Network) -> None:
    net.slow_lines["zone-b"].loss = 1.0
    echo(net, "zone-b")
    with pytest.raises(TimeoutError):
        call(net, "region", "zone-b")


def left_of(name: str) -> list[str]:
    folders = [one.name for one in Path("/etc/netns").glob(f"{name}-*")]
    return [line for line in run("ip", "netns", "list").split() if line.startswith(name)] + folders


def test_nothing_stays_behind() -> None:
    with network("zone-a", "people") as built:
        sleeper = subprocess.Popen(
            ["ip", "netns", "exec", built.namespace("zone-a"), "sleep", "600"]
        )
        while str(sleeper.pid) not in run("ip", "netns", "pids", built.namespace("zone-a")):
            time.sleep(0.01)
        assert left_of(built.name)
    assert sleeper.wait(5) == -9
    assert not left_of(built.name)


def test_the_next_run_removes_what_a_crashed_one_left() -> None:
    crash = (
        "import os; from tests.drill.building import network\nwith network('zone-a'): os._exit(3)"
    )
    crashed = subprocess.Popen([sys.executable, "-c", crash], cwd=Path(__file__).parents[2])
    assert crashed.wait(60) == 3
    assert left_of(f"{PREFIX}{crashed.pid}")
    remove_leftovers()
    assert not left_of(f"{PREFIX}{crashed.pid}")


def test_somebody_who_is_not_root_gets_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotRoot, match="only root"), network("zone-a"):
        pass
