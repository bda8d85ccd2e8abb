"""Builds a network and removes it again; also removes the networks that a crashed run left behind."""

import os
import re
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import CalledProcessError

from tests.drill.network import BRIDGE, LINE, PARTS, Network, address, run
from tests.drill.slow_line import SlowLine

PREFIX = "medicare-drill-"
ETC = Path("/etc/netns")
"""`ip netns exec` mounts the files of a namespace's folder over those of /etc."""
NO_ROOT = "The drill makes network namespaces, which only root may do. Run it with sudo."

_BRIDGE_RULES = """
table bridge drill {
  set dark { type ifname; }
  set deaf { type ifname; }
  set parted { type ifname . ifname; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    iifname @dark drop
    oifname @dark drop
    oifname @deaf drop
    iifname . oifname @parted drop
  }
}
"""
_PLACE_RULES = """
table inet drill {
  set silent { type ipv4_addr; }
  chain input { type filter hook input priority 0; ip daddr @silent drop; ip saddr @silent drop; }
  chain output { type filter hook output priority 0; ip daddr @silent drop; ip saddr @silent drop; }
}
"""


class NotRoot(RuntimeError):
    """The drill is not allowed to make networks. The message says what to do."""


@contextmanager
def network(*places: str, slow: Sequence[str] = ()) -> Iterator[Network]:
    """A network of these places. At the end it is removed, with everything that still runs in it.

    The lines of the places in `slow` can be slowed down: see `slow_line_of`.
    """
    if os.geteuid() != 0:
        raise NotRoot(NO_ROOT)
    remove_leftovers()
    built = Network(f"{PREFIX}{os.getpid()}", places)
    with ExitStack() as stack:
        stack.callback(_remove, built.name)
        _make(built, BRIDGE)
        built.command(BRIDGE, "ip", "link", "add", "switch", "type", "bridge")
        built.command(BRIDGE, "ip", "link", "set", "switch", "up")
        for place in places:
            _make(built, place)
            _name_resolver(built, place)
            built.command(place, "nft", _PLACE_RULES)
            if place in slow:
                built.slow_lines[place] = stack.enter_context(SlowLine.between(built, place))
            else:
                _lay_line(built, place)
            _plug_in(built, place)
        # This must come last: the kernel ignores rules that are older than the bridge.
        built.command(BRIDGE, "nft", _BRIDGE_RULES)
        yield built


def _make(built: Network, place: str) -> None:
    run("ip", "netns", "add", built.namespace(place))
    run("ip", "-n", built.namespace(place), "link", "set", "lo", "up")


def _name_resolver(built: Network, place: str) -> None:
    folder = ETC / built.namespace(place)
    folder.mkdir(parents=True)
    (folder / "resolv.conf").write_text(
        f"nameserver {address('region')}\noptions timeout:1 attempts:2\n"
    )


def _lay_line(built: Network, place: str) -> None:
    ends = ("name", place, "type", "veth", "peer", "name", LINE)
    built.command(BRIDGE, "ip", "link", "add", *ends, "netns", built.namespace(place))


def _plug_in(built: Network, place: str) -> None:
    built.command(BRIDGE, "ip", "link", "set", place, "master", "switch", "up")
    inside = ("ip", "-n", built.namespace(place))
    for part in PARTS:
        run(*inside, "address", "add", f"{address(place, part)}/16", "dev", LINE)
    run(*inside, "link", "set", LINE, "up")


def remove_leftovers() -> None:
    """Removes networks of drills whose process ended without removing them."""
    for namespace in _namespaces():
        found = re.fullmatch(rf"({PREFIX}(\d+))-.*", namespace)
        if found and not Path(f"/proc/{found[2]}").exists():
            _remove(found[1])


def _remove(name: str) -> None:
    mine = [one for one in _namespaces() if one.startswith(f"{name}-")]
    for namespace in mine:
        for pid in run("ip", "netns", "pids", namespace).split():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    for namespace in mine:
        with suppress(CalledProcessError):
            run("ip", "netns", "delete", namespace)
        shutil.rmtree(ETC / namespace, ignore_errors=True)


def _namespaces() -> list[str]:
    return [line.split()[0] for line in run("ip", "netns", "list").splitlines()]
