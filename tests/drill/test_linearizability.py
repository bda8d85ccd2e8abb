"""The search gives the right answer for known histories, and for any that really happened."""

from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.drill.linearizability import (
    ANYBODY,
    Operation,
    gave_back,
    is_linearizable,
    saw,
    took,
)

GOOD = {
    "one after another": ([took("a", 0, 1), gave_back("a", 2, 3), took("b", 4, 5)], "b"),
    "at once, the other way round": ([gave_back("a", 0, 9), took("b", 1, 8), took("a", 2, 3)], "b"),
    "a lost answer that counted": ([took("a", 0, certain=False), gave_back("a", 5, 6)], None),
    "a lost answer that did not": ([took("a", 0, certain=False), took("b", 1, 2)], "b"),
    "a lost answer that counts late": ([took("a", 0, certain=False), saw("a", 8, 9)], "a"),
    "told that it is taken while it was": ([took("a", 0, 1), saw(ANYBODY, 2, 3)], "a"),
}
BAD = {
    "two in one slot": ([took("a", 0, 1), took("b", 2, 3)], "b"),
    "two at once": ([took("a", 0, 9), took("b", 0, 9)], "a"),
    "acknowledged and lost": ([took("a", 0, 1)], None),
    "there, though nobody took it": ([], "a"),
    "seen before it was begun": ([saw("a", 0, 1), took("a", 2, 3)], "a"),
    "not seen though it was there": (
        [took("a", 0, 1), gave_back("a", 8, 9), saw("a", 10, 11)],
        None,
    ),
    "told that it is taken while it was free": ([saw(ANYBODY, 0, 1), took("a", 2, 3)], "a"),
    "given back by who never had it": ([took("a", 0, 1), gave_back("b", 2, 3)], None),
}


@pytest.mark.parametrize(("history", "last"), GOOD.values(), ids=GOOD)
def test_what_can_have_happened(history: list[Operation], last: str | None) -> None:
    assert is_linearizable(history, last=last)


@pytest.mark.parametrize(("history", "last"), BAD.values(), ids=BAD)
def test_what_cannot(history: list[Operation], last: str | None) -> None:
    assert not is_linearizable(history, last=last)


def test_who_had_it_at_the_beginning() -> None:
    assert is_linearizable([gave_back("a", 0, 1)], first="a")
    assert not is_linearizable([gave_back("a", 0, 1)], first="b")


def happened(seed: int, length: int) -> tuple[list[Operation], str | None]:
    """A simulated history: one operation per instant, which begins before the instant and ends after it."""
    random, holder, history = Random(seed), None, []
    for instant in range(length):
        began, ended = instant - random.random() * 5, instant + random.random() * 5
        if holder is None:
            holder = f"a{instant}"
            one = took(holder, began, ended)
        elif random.random() < 0.5:
            one = saw(random.choice((holder, ANYBODY)), began, ended)
        else:
            one, holder = gave_back(holder, began, ended), None
        if one.before != one.after and random.random() < 0.2:
            one = Operation(one.before, one.after, one.began, inf, certain=False)
        history.append(one)
    random.shuffle(history)
    return history, holder


@given(st.integers(), st.integers(0, 25))
def test_whatever_happened_is_found_possible(seed: int, length: int) -> None:
    history, last = happened(seed, length)
    assert is_linearizable(history, last=last)


@given(st.integers(), st.integers(1, 25))
def test_a_race_that_is_put_in_is_found(seed: int, length: int) -> None:
    """A second person who got the slot, in addition to the one who has it at the end."""
    history, last = happened(seed, length)
    history.append(took("intruder", 40, 41))
    if last is not None:
        assert not is_linearizable(history, last=last)
