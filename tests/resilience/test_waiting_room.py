"""Who waits for a database that is away knocks often and briefly: its name may lead elsewhere by now."""

from itertools import chain, repeat

import pytest

from portal.connecting import CONNECT_SECONDS, KNOCK_SECONDS, WaitingRoom


def test_the_first_attempt_has_longer_than_those_who_know_that_it_is_away() -> None:
    room, told = WaitingRoom(), list[int]()
    faults = chain([OSError(2003, "nobody answers")] * 3, repeat(None))

    def attempt(seconds: int) -> str:
        told.append(seconds)
        if fault := next(faults):
            raise fault
        return "a connection"

    assert room.connect(attempt, lambda: 60.0) == "a connection"
    assert room.connect(attempt, lambda: 60.0) == "a connection"
    assert told == [CONNECT_SECONDS, *[KNOCK_SECONDS] * 3, CONNECT_SECONDS]
    assert KNOCK_SECONDS < CONNECT_SECONDS


def test_another_fault_is_not_waited_out() -> None:
    def refused(_: int) -> None:
        raise OSError(1045, "a wrong password")

    with pytest.raises(OSError, match="wrong password"):
        WaitingRoom().connect(refused, lambda: 60.0)
