"""Makes operations wait or fail, as a test demands."""

import errno
import os
from collections import Counter
from collections.abc import Callable, Sequence
from threading import Condition
from typing import Any

EVERYTHING = "*"
LOOKING = frozenset({"getattr", "readdir", "statfs"})


class Gate:
    """Tests call `tell`; operations call `passing`."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._hanging: set[str] = set()
        self._failing: dict[str, int] = {}
        self._held: Counter[str] = Counter()
        self._seen: list[str] = []

    def passing(self, operation: str) -> None:
        """Returns when the operation may continue; raises OSError when it must fail."""
        with self._changed:
            self._seen.append(operation)
            self._held[operation] += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._hanging & {operation, EVERYTHING})
            self._held[operation] -= 1
            number = self._failing.get(operation) or self._failing.get(EVERYTHING)
        if number:
            raise OSError(number, os.strerror(number))

    def tell(self, word: str, *rest: Any) -> Any:
        orders: dict[str, Callable[..., Any]] = {
            "hang": self._hang,
            "let_go": self._let_go,
            "fail": self._fail,
            "mend": self._mend,
            "wait_for": self._wait_for,
            "operations": self._operations,
        }
        with self._changed:
            answer = orders[word](*rest)
            self._changed.notify_all()
            return answer

    def _hang(self, operations: Sequence[str]) -> None:
        self._hanging |= set(operations)

    def _let_go(self) -> None:
        self._hanging.clear()

    def _fail(self, error: str, operations: Sequence[str]) -> None:
        self._failing |= dict.fromkeys(operations, getattr(errno, error))

    def _mend(self) -> None:
        self._failing.clear()

    def _wait_for(self, operation: str, times: int) -> None:
        self._changed.wait_for(lambda: self._held[operation] >= times)

    def _operations(self) -> list[str]:
        return [operation for operation in self._seen if operation not in LOOKING]
