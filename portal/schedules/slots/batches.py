"""Long lists in pieces that one statement can take."""

from collections.abc import Sequence
from typing import TypeVar

BATCH = 2000

Item = TypeVar("Item")


def batches(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
