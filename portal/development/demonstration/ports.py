"""Whether the demonstration's ports are free. Run by itself before anything is installed."""

import os
import socket
import sys

LOOPBACK = "127.0.0.1"
DEFAULTS = {"PORT": 8000, "SIGN_IN_PORT": 8001}


class CannotStart(Exception):
    """The demonstration can't start here; the message says what to do."""


def refuse_taken_port(port: int, variable: str) -> None:
    """Raises `CannotStart` when something listens on the port of loopback already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            raise CannotStart(
                f"Port {port} can't be used ({error.strerror}). Stop what uses it, or choose"
                f" another: make run {variable}={port + 10}"
            ) from None


def main() -> None:
    for variable, default in DEFAULTS.items():
        wanted = os.environ.get(variable) or str(default)
        # The demonstration itself refuses what is not a port number.
        if wanted.isdecimal() and int(wanted) < 65536:
            try:
                refuse_taken_port(int(wanted), variable)
            except CannotStart as reason:
                sys.exit(f"\n{reason}")


if __name__ == "__main__":
    main()
