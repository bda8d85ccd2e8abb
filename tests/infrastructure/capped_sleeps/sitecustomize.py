"""Python reads this by itself when its folder is in PYTHONPATH: modules then wait only a moment.

Ansible's modules sleep for seconds so that AWS can catch up with itself. The emulated AWS is at once
what it says it is. Only `tests/infrastructure/playbooks.py` puts this folder there.
"""

import time

LONGEST_SECONDS = 0.02
_sleep = time.sleep


def _sleep_briefly(seconds: float) -> None:
    _sleep(min(seconds, LONGEST_SECONDS))


time.sleep = _sleep_briefly
