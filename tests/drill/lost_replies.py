"""A door in front of the database that loses replies: the COMMIT arrives and is done, its answer does not.

The sender can't know whether it was done. It knows as much of MySQL's protocol as it needs: a
packet from a client is four bytes of length and number, one byte of command, then the statement.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from tests.drill.network import Network, address

PLACE, PORT = "region", 3306
COMMIT = b"\x03COMMIT"
_HEAD = 4


class LosingDoor:
    """Lets everything through. While `loses_every` is set, every so many-th COMMIT gets no reply."""

    def __init__(self, target: str) -> None:
        self.loses_every: int | None = None
        self.lost = 0
        self._target = target
        self._commits = 0

    @property
    def address(self) -> str:
        return address(PLACE, "database")

    async def answer(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        server, forth = await asyncio.open_connection(self._target, PORT)
        lose = asyncio.Event()
        ways = [
            asyncio.create_task(self._forth(client, forth, lose)),
            asyncio.create_task(self._back(server, back, lose)),
        ]
        # Also when the door is closed meanwhile, which asyncio's servers take for an error.
        with suppress(asyncio.CancelledError):
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        for writer in (forth, back):
            writer.close()

    async def _forth(
        self, client: asyncio.StreamReader, server: asyncio.StreamWriter, lose: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while data := await client.read(65_536):
                if data[_HEAD : _HEAD + len(COMMIT)] == COMMIT and self._is_its_turn():
                    lose.set()
                server.write(data)
                await server.drain()

    async def _back(
        self, server: asyncio.StreamReader, client: asyncio.StreamWriter, lose: asyncio.Event
    ) -> None:
        with suppress(ConnectionError):
            while data := await server.read(65_536):
                if lose.is_set():
                    self.lost += 1
                    return
                client.write(data)
                await client.drain()

    def _is_its_turn(self) -> bool:
        if self.loses_every is None:
            return False
        self._commits += 1
        return self._commits % self.loses_every == 0


@contextmanager
def losing_door(network: Network, target: str) -> Iterator[LosingDoor]:
    """In the region, before the database at `target`."""
    door, is_open = LosingDoor(target), Event()
    loop, closing = asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        async with await asyncio.start_server(door.answer, door.address, PORT):
            is_open.set()
            await closing.wait()

    def run() -> None:
        with network.inside(PLACE), asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve())

    thread = Thread(target=run, daemon=True)
    thread.start()
    is_open.wait()
    try:
        yield door
    finally:
        loop.call_soon_threadsafe(closing.set)
        thread.join()
