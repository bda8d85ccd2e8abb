"""SQLite ignores SKIP LOCKED: there the conditional UPDATE alone decides which worker gets a notice."""

from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from flask_migrate import upgrade
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker

from portal import create_app
from portal.database import db
from portal.notices.sending import queue
from tests.builders import a_notice, context_for
from tests.settings import settings_for


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    with app.app_context():
        upgrade()
        yield db.engine
        db.engine.dispose()


def test_many_workers_take_each_notice_once(sqlite: Engine) -> None:
    sessions = sessionmaker(sqlite, autoflush=False, expire_on_commit=False)
    with sessions.begin() as session:
        wanted = {a_notice(session).id for _ in range(20)}
    taken: list[int] = []
    start = Barrier(4)

    def work() -> None:
        start.wait()
        while True:
            with sessions() as session:
                mine = queue.claim(context_for(session))
                session.commit()
            if mine is None:
                return
            taken.append(mine.notice_id)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == len(wanted)
    assert set(taken) == wanted
