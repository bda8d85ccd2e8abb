"""`python -m tests.documents.adding.dying_portal STEP`: a portal that sends one form to itself and is killed.

It is killed with SIGKILL at STEP, so that it can't clean up. It reads the request (a JSON object with
the database, the folder, the browser's cookie, the address and the body) from standard input.
"""

import base64
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from portal import create_app
from portal.documents.adding import actions
from portal.documents.adding.receiving import Tray
from tests.settings import settings_for

STEPS: dict[str, tuple[Any, str, str]] = {
    "the file is whole": (Tray, "judged", "before"),
    "the file is judged": (Tray, "put", "before"),
    "the file is noted": (Tray, "put", "after"),
    "the row is about to be written": (actions, "add", "before"),
    "the row is written": (actions, "add", "after"),
    "the row is committed": (Tray, "forget", "before"),
    "the note is forgotten": (Tray, "forget", "after"),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(work: Callable[..., Any], when: str) -> Callable[..., Any]:
    def deadly(*arguments: Any, **named: Any) -> None:
        if when == "after":
            work(*arguments, **named)
        die()

    return deadly


def main() -> None:
    owner, name, when = STEPS[sys.argv[1]]
    setattr(owner, name, dying(getattr(owner, name), when))
    told = json.load(sys.stdin)
    app = create_app(settings_for(told["database"], SHARED_FILES_DIRECTORY=told["folder"]))
    client = app.test_client()
    client.set_cookie("portal", told["cookie"])
    answer = client.post(
        told["address"], data=base64.b64decode(told["body"]), content_type=told["content_type"]
    )
    sys.exit(f"It was not killed: {answer.status_code}")


if __name__ == "__main__":
    main()
