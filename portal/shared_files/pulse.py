"""The watchdog's program: checks the mount, and prints a line per result.

    python -I -S pulse.py <marker> <seconds between>

It ends when its standard input is closed, that is, with its parent process.
"""

import os
import select
import sys

LIVES = "lives"


def sign_of_life(marker: str) -> str:
    """`LIVES`, or the problem in a few words. Hangs while the mount hangs."""
    try:
        # statvfs sends a request to the file server each time; the marker's attributes may be cached.
        os.statvfs(os.path.dirname(marker))  # noqa: PTH120 - a small program starts quickly
        os.stat(marker)  # noqa: PTH116
    except FileNotFoundError:
        return "is not mounted"
    except OSError as error:
        return f"fails: {error.strerror}"
    return LIVES


def main(marker: str, seconds: float) -> None:
    ended = False
    while not ended:
        os.write(1, f"{sign_of_life(marker)}\n".encode())
        ended = bool(select.select([0], [], [], seconds)[0])


if __name__ == "__main__":
    try:
        main(sys.argv[1], float(sys.argv[2]))
    except BrokenPipeError:
        sys.exit(0)
