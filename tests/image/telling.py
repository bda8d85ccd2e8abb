"""Messages about long steps while they run."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Prints what begins, and how long it took."""
    print(f"\n{time.strftime('%H:%M:%S')} {what} …", file=sys.stderr, flush=True)
    begin = time.monotonic()
    yield
    print(f"{'':8} {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
