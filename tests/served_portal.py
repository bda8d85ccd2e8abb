"""The portal as it is deployed: gunicorn with several processes, reached over real HTTP."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.settings import ENVIRONMENT

ROOT = Path(__file__).parents[1]
START_SECONDS = 60


class PortalDidNotStart(RuntimeError):
    """gunicorn ended or did not answer; the message holds its last words."""


@dataclass(frozen=True)
class Served:
    """Where gunicorn listens on loopback, and its process."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Without a final slash."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served_portal(database_url: str, log: Path, **options: Any) -> Iterator[str]:
    """Serves the portal over a migrated database; gives its address. `options` as of `served`."""
    with served(database_url, log, **options) as portal:
        yield portal.address


@contextmanager
def served(
    database_url: str,
    log: Path,
    *,
    application: str = "wsgi:app",
    workers: int = 2,
    threads: int = 8,
    socket_file: Path | None = None,
    **environment: str,
) -> Iterator[Served]:
    """Serves `application`, at a port and at `socket_file`. What gunicorn says goes to `log`.

    It ends with the block, and with this process.
    """
    port = free_port()
    settings = {
        **ENVIRONMENT,
        "DATABASE_URL": database_url,
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "GUNICORN_BIND": f"127.0.0.1:{port}",
        "GUNICORN_WORKERS": str(workers),
        "GUNICORN_THREADS": str(threads),
        **environment,
    }
    command = ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "gunicorn", application]
    if socket_file:
        command += [f"--bind=127.0.0.1:{port}", f"--bind=unix:{socket_file}"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | settings, stdout=output, stderr=output
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise PortalDidNotStart(log.read_text()[-2000:])
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
