"""A small VPC of two network namespaces: Amazon's services, and the instance.

    with a_vpc() as vpc:
        with vpc.among_amazons():
            …  # what this thread connects to or listens on is there

The namespaces end with the processes that hold them, which end with this process.
"""

import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.image.debian import ending_with_this_process
from tests.image.namespaces import in_network_of

CIDR = "10.40.0.0/16"
BALANCER = AMAZON = "10.40.0.2"
INSTANCE = "10.40.1.10"
METADATA = "169.254.169.254"
OUTSIDER = "203.0.113.9"
"""An address outside of the VPC."""


@dataclass(frozen=True)
class Vpc:
    """The processes that hold the two namespaces."""

    amazon: int
    instance: int

    def among_amazons(self) -> AbstractContextManager[None]:
        """Puts this thread, and the processes that it starts, on Amazon's side of the network."""
        return in_network_of(self.amazon)

    def on_the_instance(self) -> AbstractContextManager[None]:
        """Puts this thread, and the processes that it starts, on the instance, behind its packet filter."""
        return in_network_of(self.instance)


@contextmanager
def a_vpc() -> Iterator[Vpc]:
    holders = [_holder(), _holder()]
    try:
        vpc = Vpc(*(holder.pid for holder in holders))
        _connect(vpc)
        yield vpc
    finally:
        for holder in holders:
            holder.kill()
            holder.wait()


def _holder() -> subprocess.Popen[bytes]:
    command = [*ending_with_this_process(), "unshare", "--net", "sleep", "infinity"]
    holder = subprocess.Popen(command, start_new_session=True)
    own = Path("/proc/self/ns/net").readlink()
    while True:
        with suppress(OSError):
            if Path(f"/proc/{holder.pid}/ns/net").readlink() != own:
                return holder
        time.sleep(0.01)


def _connect(vpc: Vpc) -> None:
    _ip(vpc.amazon, f"link add vpc type veth peer name eth0 netns {vpc.instance}")
    for address in (f"{AMAZON}/16", f"{METADATA}/32", f"{OUTSIDER}/24"):
        _ip(vpc.amazon, f"address add {address} dev vpc")
    _ip(vpc.instance, f"address add {INSTANCE}/16 dev eth0")
    for pid, device in ((vpc.amazon, "vpc"), (vpc.instance, "eth0")):
        _ip(pid, "link set lo up")
        _ip(pid, f"link set {device} up")
    _ip(vpc.instance, f"route add default via {AMAZON}")


def _ip(pid: int, command: str) -> None:
    subprocess.run(["nsenter", "--net", f"--target={pid}", "ip", *command.split()], check=True)
