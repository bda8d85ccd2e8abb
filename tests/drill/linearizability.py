"""Whether there is an order in which everything that people were told about a slot is possible.

A history is linearizable when each operation can be given an instant between its beginning and its
end so that, in the order of these instants, each has its recorded outcome. This is the search of Wing
and Gong, once per slot, with Lowe's memory of states already tried. A state is the set of operations
that are done, and who has the slot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation that changes or shows who has the slot. `before` and `after` are appointments, or None.

    An operation with an unknown outcome may have happened or not, and has no end: `ended` is infinite.
    `before` may be `ANYBODY`: any appointment at all.
    """

    before: str | None
    after: str | None
    began: float
    ended: float = inf
    certain: bool = True


ANYBODY = "*"


def took(appointment: str, began: float, ended: float = inf, *, certain: bool = True) -> Operation:
    """Somebody got the free slot."""
    return Operation(None, appointment, began, ended, certain)


def gave_back(
    appointment: str, began: float, ended: float = inf, *, certain: bool = True
) -> Operation:
    """The holder gave the slot up."""
    return Operation(appointment, None, began, ended, certain)


def saw(appointment: str, began: float, ended: float) -> Operation:
    """Somebody saw who has the slot; with `ANYBODY`, only that it is taken."""
    return Operation(appointment, appointment, began, ended)


def saw_nobody(began: float, ended: float) -> Operation:
    """Somebody was told that the slot is free, or got a hold on it."""
    return Operation(None, None, began, ended)


def is_linearizable(
    operations: Iterable[Operation], *, first: str | None = None, last: str | None = None
) -> bool:
    """Whether they are possible when `first` has the slot at the beginning and `last` at the end."""
    history = sorted(operations, key=lambda one: one.began)
    certain = sum(1 << place for place, one in enumerate(history) if one.certain)
    seen = set()
    untried = [(0, first)]
    while untried:
        done, holder = state = untried.pop()
        if state in seen:
            continue
        seen.add(state)
        if done & certain == certain and holder == last:
            return True
        untried += [
            (done | 1 << place, holder if one.after == ANYBODY else one.after)
            for place, one in _next(history, done)
            if one.before == holder or (one.before == ANYBODY and holder is not None)
        ]
    return False


def _next(history: Sequence[Operation], done: int) -> list[tuple[int, Operation]]:
    """The operations that may come next: those that began before any unfinished one ended."""
    waiting = [(place, one) for place, one in enumerate(history) if not done >> place & 1]
    soonest = min((one.ended for _, one in waiting), default=inf)
    return [(place, one) for place, one in waiting if one.began <= soonest]
