"""Python reads this by itself when its folder is in PYTHONPATH, as only `playbooks.py` puts it there.

Ansible's modules sleep for seconds so that AWS can catch up with itself. The emulated AWS is at once what it
says it is, so they wait only a moment. And S3 Control puts the account's number before the host's name, which
before an address on loopback is no name that anybody could resolve.
"""

import socket
import time
from typing import Any

LONGEST_SECONDS = 0.02
LOOPBACK = "127.0.0.1"

_sleep = time.sleep
_getaddrinfo = socket.getaddrinfo


def _sleep_briefly(seconds: Any) -> None:
    _sleep(min(seconds, LONGEST_SECONDS))


def _resolve(host: Any, *arguments: Any, **options: Any) -> Any:
    before_an_address = isinstance(host, str) and host.endswith(f".{LOOPBACK}")
    return _getaddrinfo(LOOPBACK if before_an_address else host, *arguments, **options)


time.sleep = _sleep_briefly
socket.getaddrinfo = _resolve
