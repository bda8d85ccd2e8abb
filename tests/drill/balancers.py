"""The load balancer: HAProxy with a node in each zone, like an ALB, and the target group's health checks.

The development sign-in and plain SMTP are allowed on loopback only, so the same programs also relay
them from every place to the region.
"""

import csv
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from tests.drill.network import address
from tests.drill.programs import Program, Programs
from tests.drill.settings import MAIL_PORT, SIGN_IN_PORT

REGION = "region"
PORTAL_PORT = 8000

_COMMON = """
global
  stats socket {admin} mode 600 level admin
  maxconn 4000
defaults
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  retries 0
"""
_NODE = """
frontend people
  mode http
  bind {here}:80
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(host)]
  # An ALB whose targets are all unhealthy sends to all of them.
  use_backend anybody if {{ nbsrv(portals) eq 0 }}
  default_backend portals
backend portals
  mode http
  balance roundrobin
  timeout check 3s
  option httpchk GET /health/live
  default-server inter 5s fall 2 rise 2
{checked}
backend anybody
  mode http
  balance roundrobin
{unchecked}
"""
_RELAY = """
listen relay-{port}
  mode tcp
  bind {source}:{port}
  server region {target}:{port}
"""


@dataclass(frozen=True)
class Balancer:
    """HAProxy in one place, and its control socket."""

    program: Program
    admin: Path

    def out(self) -> dict[str, str]:
        """The portals that this node considers unhealthy, each with HAProxy's reason."""
        rows = csv.DictReader(StringIO(self._say("show stat").removeprefix("# ")))
        return {
            row["svname"]: f"{row['check_status']} after {row['check_duration']} ms"
            for row in rows
            if row["pxname"] == "portals"
            and row["svname"] != "BACKEND"
            and row["status"].startswith("DOWN")
        }

    def drain(self, portal: str) -> None:
        """Sends no new requests there; requests in progress may finish."""
        self._say(f"set server portals/{portal} state drain")

    def ready(self, portal: str) -> None:
        self._say(f"set server portals/{portal} state ready")

    def _say(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.admin))
            line.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: line.recv(65_536), b"")).decode()


def start_node(programs: Programs, zone: str, portals: Sequence[str]) -> Balancer:
    """A node of the load balancer; `portals` are the zones of its targets."""
    targets = [f"  server {one} {address(one, 'portal')}:{PORTAL_PORT}" for one in portals]
    node = _NODE.format(
        here=address(zone, "balancer"),
        checked="\n".join(f"{target} check" for target in targets),
        unchecked="\n".join(targets),
    )
    return _start(programs, zone, node + _relays("127.0.0.1", address(REGION)))


def start_relays(programs: Programs, place: str) -> Balancer:
    """Only the relays, for places without portals."""
    here, there = "127.0.0.1", address(REGION)
    return _start(programs, place, _relays(*(there, here) if place == REGION else (here, there)))


def _relays(source: str, target: str) -> str:
    ports = (SIGN_IN_PORT, MAIL_PORT)
    return "".join(_RELAY.format(source=source, target=target, port=port) for port in ports)


def _start(programs: Programs, place: str, config: str) -> Balancer:
    file, admin = programs.folder / f"{place}.haproxy", programs.folder / f"{place}.admin"
    file.write_text(_COMMON.format(admin=admin) + config)
    program = programs.start(f"balancer-{place}", place, "haproxy", "-f", str(file))
    program.wait_until(admin.exists)
    return Balancer(program, admin)
