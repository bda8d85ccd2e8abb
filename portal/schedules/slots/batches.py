"""Splits long lists into batches for one statement each."""

from collections.abc import Sequence
from typing import TypeVar

BATCH = 2000

Item = TypeVar("Item")


def batches(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + BATCH] for start in range(0, len(items), BATCH)]
