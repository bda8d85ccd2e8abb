"""Runs the program that decodes untrusted files in a process with limits, which can be killed."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import IO

from portal.documents.checking.pieces import SIZE, Readable

PROGRAM = Path(__file__).with_name("decoding_program.py")
SECONDS = 20
OPENS, LOCKED, ACTIVE = b"opens", b"locked", b"active"
"""The answer of the command `open`."""


def run(command: str, media_type: str, file: Readable) -> bytes | None:
    """The output of `picture` or `open`; None when the program failed or reached a limit.

    Reads the file from its beginning, in pieces, and leaves it open. Raises errors of reading.
    """
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(PROGRAM), command, media_type],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={},
    ) as process:
        timer = Timer(SECONDS, process.kill)
        timer.start()
        try:
            return _answer(process, file)
        finally:
            timer.cancel()
            process.kill()


def _answer(process: "subprocess.Popen[bytes]", file: Readable) -> bytes | None:
    if not (process.stdin and process.stdout):
        return None
    _feed(file, process.stdin)
    answer = process.stdout.read()
    return answer if process.wait() == 0 and answer else None


def _feed(file: Readable, pipe: IO[bytes]) -> None:
    file.seek(0)
    # The program may end before it has read all input.
    with suppress(BrokenPipeError), pipe:
        while piece := file.read(SIZE):
            pipe.write(piece)
