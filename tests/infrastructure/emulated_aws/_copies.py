"""A copy of an account with all that stands in it, so that a story can begin where another one has come to.

The server forks. The copy serves on its own port, and ends when its account's server does, or when it is
told to.
"""

import os
import threading
import time
from collections.abc import Callable

from werkzeug.serving import make_server

from tests.infrastructure.emulated_aws._services import Wsgi

LOOPBACK = "127.0.0.1"


def listen(aws: Wsgi, port: int) -> tuple[str, Callable[[], None]]:
    """The address of `aws`, and the loop that serves there without end."""
    server = make_server(LOOPBACK, port, aws, threaded=True)
    return f"http://{LOOPBACK}:{server.server_port}", server.serve_forever


def copy(aws: Wsgi, actions: set[str]) -> str:
    """The address of a copy, which nobody has asked for `actions` yet. Nobody may ask anything meanwhile."""
    reads, writes = os.pipe()
    parent = os.getpid()
    if os.fork():
        os.close(writes)
        with os.fdopen(reads) as pipe:
            return pipe.read()
    try:
        os.close(reads)
        actions.clear()
        address, serve = listen(aws, 0)
        with os.fdopen(writes, "w") as pipe:
            pipe.write(address)
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        serve()
    finally:
        os._exit(1)


def end() -> None:
    """Ends this copy, a moment after it has answered."""
    threading.Timer(0.1, os._exit, args=(0,)).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)
