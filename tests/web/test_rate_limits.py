"""So many attempts in a window, over every instance, and no more."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from portal.errors import TooMany
from portal.models import RateLimit
from portal.web.rate_limits import spend
from tests.hospital import NOW

MINUTE = timedelta(minutes=1)
TOGETHER = 6


def test_the_limit_is_reached_and_passes(session: Session) -> None:
    for _ in range(3):
        spend(session, "code:1", allowed=3, window=MINUTE, now=NOW)

    with pytest.raises(TooMany) as refusal:
        spend(session, "code:1", allowed=3, window=MINUTE, now=NOW + timedelta(seconds=59))
    assert refusal.value.retry_after == 60

    spend(session, "code:1", allowed=3, window=MINUTE, now=NOW + MINUTE)
    assert session.scalars(select(RateLimit.attempts)).all() == [1]


def test_each_key_counts_for_itself_and_is_kept_as_a_hash(session: Session) -> None:
    spend(session, "code:1", allowed=1, window=MINUTE, now=NOW)
    spend(session, "code:2", allowed=1, window=MINUTE, now=NOW)

    keys = session.scalars(select(RateLimit.key_hash)).all()
    assert len(set(keys)) == 2
    assert all(len(key) == 64 for key in keys)


def test_nobody_is_refused_for_coming_first_together(engine: Engine, database: Session) -> None:
    together = Barrier(TOGETHER)

    def one_attempt(key: str) -> None:
        with Session(engine) as session:
            session.connection()
            together.wait()
            spend(session, key, allowed=TOGETHER, window=MINUTE, now=NOW)
            session.commit()

    with ThreadPoolExecutor(TOGETHER) as pool:
        for key in ("code:1", "code:2", "code:3"):
            list(pool.map(one_attempt, [key] * TOGETHER))

    assert database.scalars(select(RateLimit.attempts)).all() == [TOGETHER] * 3
