"""An application for gunicorn that receives a form and dies."""

import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.resilience.blocking import TAKEN


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] == "POST":
        (Path(os.environ[TAKEN]) / str(time.monotonic_ns())).touch()
        os._exit(1)
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
