"""A limited number of attempts in a time window, counted over all instances."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.models import RateLimit
from portal.web.rate_limits import Limit, spend
from tests.builders import NOW

MINUTE = timedelta(minutes=1)
TOGETHER = 6


def test_the_limit_is_reached_and_passes(session: Session) -> None:
    for _ in range(3):
        spend(session, "code:1", Limit(3, MINUTE), NOW)

    with pytest.raises(TooMany) as refusal:
        spend(session, "code:1", Limit(3, MINUTE), NOW + timedelta(seconds=59))
    assert refusal.value.retry_after == 60

    spend(session, "code:1", Limit(3, MINUTE), NOW + MINUTE)
    assert session.scalars(select(RateLimit.attempts)).all() == [1]


def test_what_is_counted_may_be_larger_than_one(session: Session) -> None:
    spend(session, "bytes", Limit(10, MINUTE), NOW, amount=7)

    with pytest.raises(TooMany):
        spend(session, "bytes", Limit(10, MINUTE), NOW, amount=4)
    spend(session, "bytes", Limit(10, MINUTE), NOW, amount=3)


def test_each_key_counts_for_itself_and_is_kept_as_a_hash(session: Session) -> None:
    spend(session, "code:1", Limit(1, MINUTE), NOW)
    spend(session, "code:2", Limit(1, MINUTE), NOW)

    keys = session.scalars(select(RateLimit.key_hash)).all()
    assert len(set(keys)) == 2
    assert all(len(key) == 64 for key in keys)


def test_simultaneous_first_attempts_are_not_refused(engine: Engine, database: Session) -> None:
    together = Barrier(TOGETHER)

    def one_attempt(key: str) -> None:
        with Session(engine) as session:
            session.connection()
            together.wait()
            spend(session, key, Limit(TOGETHER, MINUTE), NOW)
            session.commit()

    with ThreadPoolExecutor(TOGETHER) as pool:
        for key in ("code:1", "code:2", "code:3"):
            list(pool.map(one_attempt, [key] * TOGETHER))

    assert database.scalars(select(RateLimit.attempts)).all() == [TOGETHER] * 3
