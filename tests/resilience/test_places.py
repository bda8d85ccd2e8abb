"""When every place is taken, a request waits while others finish, and is refused when none does."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from portal import places
from portal.database.bounded_pool import places_among
from portal.places import Places

LONG = 3600.0


@pytest.mark.parametrize("threads", range(2, 33))
def test_some_threads_stay_free_of_the_database(threads: int) -> None:
    assert 1 <= places_among(threads) < threads


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A time that stands still until a test moves it."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(places, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_a_request_is_refused_when_no_other_finishes(clock: SimpleNamespace) -> None:
    room = Places(4)
    taken = [room.take_if_quick(0.5) for _ in range(4)]
    clock.now += 0.6

    assert room.take_if_quick(0.5) is None
    assert taken[0] is not None
    room.give_back(taken[0])
    assert room.take_if_quick(0.5) is not None


def test_a_few_slow_requests_do_not_make_others_be_refused(clock: SimpleNamespace) -> None:
    room = Places(4)
    for _ in range(2):
        room.take()
    clock.now += LONG
    last = [room.take() for _ in range(2)]

    with ThreadPoolExecutor(1) as people:
        waiting = people.submit(room.take_if_quick, LONG)
        room.give_back(last[0])
        assert waiting.result() == clock.now


def test_places_count_as_stuck_when_nothing_has_changed_for_a_while(
    clock: SimpleNamespace,
) -> None:
    room = Places(2)
    first = room.take()
    clock.now += LONG
    assert not room.stand_still(30)
    room.take()
    assert not room.stand_still(30)
    clock.now += 31
    assert room.stand_still(30)
    room.give_back(first)
    assert not room.stand_still(30)
