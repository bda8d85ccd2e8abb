"""Applications for gunicorn whose requests stay for as long as a test wants them to."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from portal import create_app, database
from portal.database import connecting

RELEASED = "BLOCKING_RELEASED"
"""Names the file that, once it is there, lets every request go."""
TAKEN = "BLOCKING_TAKEN"
"""Names the folder with an empty file for each request that a thread has taken up."""


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Every request except `/health/live` waits."""
    if environ["PATH_INFO"] != "/health/live":
        (Path(os.environ[TAKEN]) / str(time.monotonic_ns())).touch()
        while not Path(os.environ[RELEASED]).exists():
            time.sleep(0.02)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]


def patient_portal() -> Any:
    """The portal, whose statements wait for an hour."""
    connecting.LOCK_SECONDS = 3600
    database.STATEMENT_SECONDS = 3600  # type: ignore[attr-defined]
    return create_app()
