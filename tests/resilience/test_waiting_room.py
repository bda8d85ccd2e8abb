"""Requests that wait for the database try often and briefly, because its name may have moved."""

from itertools import chain, repeat

import pytest

from portal.database.connecting import CONNECT_SECONDS, KNOCK_SECONDS, WaitingRoom


def test_the_first_attempt_waits_longer_than_those_after_it() -> None:
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


@pytest.mark.parametrize("number", [1040, 1053, 1290, 2003, 2006, 2013])
def test_a_server_without_a_free_connection_is_asked_again(number: int) -> None:
    """Error 1040: another client has every connection of the server, and gives them back later."""
    faults = chain([OSError(number, "not now")] * 3, repeat(None))

    def attempt(_: int) -> str:
        if fault := next(faults):
            raise fault
        return "a connection"

    assert WaitingRoom().connect(attempt, lambda: 60.0) == "a connection"


def test_another_fault_is_not_waited_out() -> None:
    def refused(_: int) -> None:
        raise OSError(1045, "a wrong password")

    with pytest.raises(OSError, match="wrong password"):
        WaitingRoom().connect(refused, lambda: 60.0)
