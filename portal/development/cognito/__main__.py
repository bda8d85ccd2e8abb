"""`python -m portal.development.cognito`: serve the provider until told to end."""

import argparse
import logging
import os
import signal
import socket
import sys
from dataclasses import replace
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from portal.development.cognito import create_development_cognito
from portal.development.cognito.settings import (
    DevelopmentCognitoSettings,
    RefusedToStart,
    refuse_unless_development_on_loopback,
)

CALLBACK_PATH = "/sign-in/callback"
SIGNED_OUT_PATH = "/signed-out"


class QuietRequestHandler(WSGIRequestHandler):
    """Logs a request without its query, which can contain codes."""

    def log_request(self, code: int | str = "-", _size: int | str = "-") -> None:
        status = getattr(code, "value", code)
        self.log("info", "%s %s %s", self.command, self.path.partition("?")[0], status)


def settings_from(arguments: list[str]) -> DevelopmentCognitoSettings:
    """The settings that a command line and the environment ask for."""
    parser = argparse.ArgumentParser(prog="python -m portal.development.cognito")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument(
        "--portal-url",
        action="append",
        help="the address of a portal in a browser; may be repeated",
    )
    parser.add_argument("--state", type=Path, help="the file that outlives a restart")
    asked = parser.parse_args(arguments)
    portals = [url.rstrip("/") for url in asked.portal_url or ["http://127.0.0.1:8000"]]
    return DevelopmentCognitoSettings(
        environment=os.environ.get("PORTAL_ENVIRONMENT", ""),
        host=asked.host,
        port=asked.port,
        callback_urls=tuple(portal + CALLBACK_PATH for portal in portals),
        logout_urls=tuple(portal + SIGNED_OUT_PATH for portal in portals),
        state_file=asked.state,
    )


def listen(settings: DevelopmentCognitoSettings) -> socket.socket:
    """A socket at the asked address. Raises RefusedToStart when another process has it."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        raise RefusedToStart(
            f"Cannot listen at {settings.domain}: {error.strerror}. Choose another --port, "
            "and tell the portal."
        ) from error
    listening.listen(512)
    return listening


def main() -> None:
    """Serve until told to end; exit with the reason when the provider refuses to start."""
    logging.basicConfig(level=logging.INFO, format="development sign-in: %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    settings = settings_from(sys.argv[1:])
    try:
        refuse_unless_development_on_loopback(settings)
        listening = listen(settings)
        settings = replace(settings, port=listening.getsockname()[1])
        app = create_development_cognito(settings)
    except RefusedToStart as refusal:
        sys.exit(str(refusal))
    server = make_server(
        settings.host,
        settings.port,
        app,
        threaded=True,
        request_handler=QuietRequestHandler,
        fd=listening.fileno(),
    )
    logging.info("ready at %s", settings.issuer)
    server.serve_forever()


if __name__ == "__main__":
    main()
