"""Who has a notice, on MariaDB and over several connections at once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.models import Notice
from portal.worker.notices import queue
from portal.worker.notices.queue import Claim
from tests.hospital import NOW
from tests.worker.notices import a_notice, as_it_stands

LATER = NOW + queue.LEASE + queue.GRACE
Sessions = sessionmaker[Session]


def do(sessions: Sessions, step: Callable[..., Any], *arguments: Any) -> Any:
    with sessions() as session:
        outcome = step(session, *arguments)
        session.commit()
        return outcome


def test_a_due_notice_is_taken_with_a_lease(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()

    assert do(sessions, queue.claim, NOW) == Claim(notice.id, attempts=1)

    taken = as_it_stands(database, notice)
    assert (taken.state, taken.due_at) == (Notice.State.SENDING, NOW + queue.LEASE)
    assert do(sessions, queue.claim, NOW) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"due_at": NOW + timedelta(microseconds=1)},
        {"state": Notice.State.SENT},
        {"state": Notice.State.DROPPED},
        {"state": Notice.State.FAILED},
        {"state": Notice.State.SENDING},
    ],
    ids=str,
)
def test_others_are_left_alone(
    database: Session, sessions: Sessions, facts: dict[str, Any]
) -> None:
    a_notice(database, **facts)
    database.commit()

    assert do(sessions, queue.claim, NOW) is None


def test_a_worker_at_it_does_not_keep_the_others_waiting(
    database: Session, sessions: Sessions
) -> None:
    first = a_notice(database, due_at=NOW - timedelta(minutes=2))
    second = a_notice(database, due_at=NOW - timedelta(minutes=1))
    database.commit()

    with sessions() as one, sessions() as other:
        mine, theirs = queue.claim(one, NOW), queue.claim(other, NOW)
        assert queue.claim(other, NOW) is None

    assert mine is not None
    assert theirs is not None
    assert [mine.notice_id, theirs.notice_id] == [first.id, second.id]


def test_many_workers_take_each_notice_once(database: Session, sessions: Sessions) -> None:
    wanted = {a_notice(database).id for _ in range(40)}
    database.commit()
    taken: list[int] = []
    start = Barrier(6)

    def work() -> None:
        start.wait()
        while (mine := do(sessions, queue.claim, NOW)) is not None:
            taken.append(mine.notice_id)

    workers = [Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == len(wanted)
    assert set(taken) == wanted


def test_a_lease_that_ended_gives_the_notice_to_another(
    database: Session, sessions: Sessions
) -> None:
    notice = a_notice(database)
    database.commit()
    killed = do(sessions, queue.claim, NOW)

    assert do(sessions, queue.hand_back_expired, LATER - timedelta(microseconds=1)) == 0
    assert do(sessions, queue.hand_back_expired, LATER) == 1

    assert do(sessions, queue.claim, LATER) == Claim(notice.id, attempts=2)
    assert not do(sessions, queue.sent, killed, LATER)
    assert as_it_stands(database, notice).state is Notice.State.SENDING


def test_a_notice_that_kills_its_workers_is_given_up(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database, attempts=queue.ATTEMPTS - 1)
    database.commit()
    do(sessions, queue.claim, NOW)

    assert do(sessions, queue.hand_back_expired, LATER) == 0

    given_up = as_it_stands(database, notice)
    assert (given_up.state, given_up.last_error) == (Notice.State.FAILED, queue.INTERRUPTED)


def test_pauses_grow_until_it_has_failed(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()
    now, pauses = NOW, []

    for _ in range(queue.ATTEMPTS):
        mine = do(sessions, queue.claim, now)
        assert do(sessions, queue.retry, mine, "No answer.", now)
        pauses.append(as_it_stands(database, notice).due_at - now)
        now = notice.due_at

    assert pauses[:-1] == list(queue.PAUSES)
    assert pauses == sorted(set(pauses[:-1])) + pauses[-1:]
    assert (notice.state, notice.last_error) == (Notice.State.FAILED, "No answer.")
    assert do(sessions, queue.claim, now + timedelta(days=365)) is None


def test_only_the_first_word_on_it_counts(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()
    mine = do(sessions, queue.claim, NOW)

    assert do(sessions, queue.drop, mine, "Overtaken.")

    assert not do(sessions, queue.sent, mine, NOW)
    assert not do(sessions, queue.retry, mine, "No answer.", NOW)
    assert not do(sessions, queue.fail, mine, "No answer.")
    assert not do(sessions, queue.delivered, mine, "Patient/" + "0" * 20, NOW)
    assert as_it_stands(database, notice).state is Notice.State.DROPPED


def test_the_next_one_is_found_through_the_index(database: Session, sessions: Sessions) -> None:
    """Else each claim would lock every notice that waits, and the others would find none."""
    for _ in range(5):
        a_notice(database)
    database.commit()
    waiting = select(Notice.id).where(Notice.state == Notice.State.WAITING)

    with sessions() as one, sessions() as other:
        queue.claim(one, NOW)
        free = other.scalars(waiting.with_for_update(skip_locked=True)).all()

    assert len(free) == 4
