"""Which worker gets a notice, on MariaDB and over several connections at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from portal.models import Notice
from portal.notices.sending import queue
from portal.notices.sending.queue import Claim
from portal.vocabulary import NoticeState
from tests.builders import NOW, a_notice, as_it_stands, context_for, contexts_for

LATER = NOW + queue.LEASE + queue.GRACE
Sessions = sessionmaker[Session]


def do(sessions: Sessions, step: Callable[..., Any], *arguments: Any, now: datetime = NOW) -> Any:
    with contexts_for(sessions, now).read() as context:
        outcome = step(context, *arguments)
        context.session.commit()
        return outcome


def test_a_due_notice_is_taken_with_a_lease(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()

    assert do(sessions, queue.claim) == Claim(notice.id, attempts=1)

    taken = as_it_stands(database, notice)
    assert (taken.state, taken.due_at) == (NoticeState.SENDING, NOW + queue.LEASE)
    assert do(sessions, queue.claim) is None


@pytest.mark.parametrize(
    "facts",
    [
        {"due_at": NOW + timedelta(microseconds=1)},
        {"state": NoticeState.SENT},
        {"state": NoticeState.DROPPED},
        {"state": NoticeState.FAILED},
        {"state": NoticeState.SENDING},
    ],
    ids=str,
)
def test_notices_that_are_not_due_or_not_waiting_are_left_alone(
    database: Session, sessions: Sessions, facts: dict[str, Any]
) -> None:
    a_notice(database, **facts)
    database.commit()

    assert do(sessions, queue.claim) is None


def test_a_worker_at_a_notice_does_not_keep_the_others_waiting(
    database: Session, sessions: Sessions
) -> None:
    first = a_notice(database, due_at=NOW - timedelta(minutes=2))
    second = a_notice(database, due_at=NOW - timedelta(minutes=1))
    database.commit()

    with sessions() as one, sessions() as other:
        mine, theirs = queue.claim(context_for(one)), queue.claim(context_for(other))
        assert queue.claim(context_for(other)) is None

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
        while (mine := do(sessions, queue.claim)) is not None:
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
    killed = do(sessions, queue.claim)

    assert do(sessions, queue.hand_back_expired, now=LATER - timedelta(microseconds=1)) == 0
    assert do(sessions, queue.hand_back_expired, now=LATER) == 1

    assert do(sessions, queue.claim, now=LATER) == Claim(notice.id, attempts=2)
    assert not do(sessions, queue.sent, killed, now=LATER)
    assert as_it_stands(database, notice).state is NoticeState.SENDING


def test_a_notice_that_kills_its_workers_is_given_up(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database, attempts=queue.ATTEMPTS - 1)
    database.commit()
    do(sessions, queue.claim)

    assert do(sessions, queue.hand_back_expired, now=LATER) == 0

    given_up = as_it_stands(database, notice)
    assert (given_up.state, given_up.last_error) == (NoticeState.FAILED, queue.INTERRUPTED)


def test_pauses_grow_until_it_has_failed(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()
    now, pauses = NOW, []

    for _ in range(queue.ATTEMPTS):
        mine = do(sessions, queue.claim, now=now)
        assert do(sessions, queue.retry, mine, "No answer.", now=now)
        pauses.append(as_it_stands(database, notice).due_at - now)
        now = notice.due_at

    assert pauses[:-1] == list(queue.PAUSES)
    assert pauses == sorted(set(pauses[:-1])) + pauses[-1:]
    assert (notice.state, notice.last_error) == (NoticeState.FAILED, "No answer.")
    assert do(sessions, queue.claim, now=now + timedelta(days=365)) is None


def test_only_the_first_result_of_a_notice_counts(database: Session, sessions: Sessions) -> None:
    notice = a_notice(database)
    database.commit()
    mine = do(sessions, queue.claim)

    assert do(sessions, queue.drop, mine, "Overtaken.")

    assert not do(sessions, queue.sent, mine)
    assert not do(sessions, queue.retry, mine, "No answer.")
    assert not do(sessions, queue.fail, mine, "No answer.")
    assert not do(sessions, queue.delivered, mine, "Patient/" + "0" * 20)
    assert as_it_stands(database, notice).state is NoticeState.DROPPED


def test_the_next_one_is_found_through_the_index(database: Session, sessions: Sessions) -> None:
    """Without the index each claim would lock every waiting notice, and the others would find none."""
    for _ in range(5):
        a_notice(database)
    database.commit()
    waiting = select(Notice.id).where(Notice.state == NoticeState.WAITING)

    with sessions() as one, sessions() as other:
        queue.claim(context_for(one))
        free = other.scalars(waiting.with_for_update(skip_locked=True)).all()

    assert len(free) == 4
