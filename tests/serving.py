"""Applications that listen on loopback, in threads of the test."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    """A socket on a free port of loopback, and its address: both are known before anything serves it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen(128)
        yield found, f"http://127.0.0.1:{found.getsockname()[1]}"


@contextmanager
def serving(app: WSGIApplication, found: socket.socket) -> Iterator[None]:
    """The application behind the socket, each request in its own thread."""
    server = make_server("127.0.0.1", 0, _held(app), threaded=True, fd=found.fileno())
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _held(app: WSGIApplication) -> WSGIApplication:
    """Each answer is read into memory first: Werkzeug leaves a file open when a browser disconnects."""

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return list(parts)

    return answer
