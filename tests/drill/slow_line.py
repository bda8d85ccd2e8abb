"""A line that can be slow and lossy: two TAP devices with this program between them.

The kernel of a test machine may lack `netem`. A frame from one device goes to the other after `delay`
seconds, unless it is lost.
"""

import fcntl
import heapq
import os
import select
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random
from threading import Thread

from tests.drill.network import BRIDGE, LINE, Network

TUN = "/dev/net/tun"
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_LONGEST_FRAME = 65_536


class SlowLine:
    """As fast as any other line until `delay` (seconds, each way) or `loss` (a share) is set."""

    def __init__(self, ends: tuple[int, int]) -> None:
        self.delay = 0.0
        self.loss = 0.0
        self._other = {ends[0]: ends[1], ends[1]: ends[0]}
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._serial = count()
        self._random = Random(1)
        self._stop, self._stopped = os.pipe()

    @classmethod
    @contextmanager
    def between(cls, network: Network, place: str) -> Iterator["SlowLine"]:
        """Connects the bridge to the place."""
        with network.inside(BRIDGE):
            outer = _tap(place)
        with network.inside(place):
            inner = _tap(LINE)
        line = cls((outer, inner))
        thread = Thread(target=line._carry, daemon=True)
        thread.start()
        try:
            yield line
        finally:
            os.close(line._stopped)
            thread.join()
            for end in (outer, inner, line._stop):
                os.close(end)

    def _carry(self) -> None:
        while True:
            wait = self._under_way[0][0] - time.monotonic() if self._under_way else None
            ready, _, _ = select.select(
                [*self._other, self._stop], [], [], None if wait is None else max(wait, 0)
            )
            if self._stop in ready:
                return
            for end in ready:
                self._take(end)
            self._deliver()

    def _take(self, end: int) -> None:
        try:
            frame = os.read(end, _LONGEST_FRAME)
        except (BlockingIOError, OSError):
            return  # the device is down, as before it is connected
        if self._random.random() >= self.loss:
            due = time.monotonic() + self.delay
            heapq.heappush(self._under_way, (due, next(self._serial), self._other[end], frame))

    def _deliver(self) -> None:
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(self._under_way)
            try:
                os.write(end, frame)
            except OSError:
                continue  # the same; the frame is lost


def _tap(name: str) -> int:
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    request = struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI)
    fcntl.ioctl(device, _TUNSETIFF, request)
    return device
