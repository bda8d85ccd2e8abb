"""Seals on the audit trail: a later change is found, with its position."""

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session, sessionmaker

from portal import ROOT
from portal.access import Deed
from portal.audit import seals
from portal.audit.checks import Verdict, check
from portal.models import AuditEvent, AuditSeal
from portal.models.base import table_of
from tests.builders import context_for
from tests.settings import ENVIRONMENT

KEY = seals.key_from(ENVIRONMENT["SECRET_KEY"])
NOW = datetime.now(UTC)
SETTLED = NOW - timedelta(minutes=5)
MUCH_LATER = NOW + timedelta(days=2)


def remember(session: Session, times: int = 1, at: datetime = SETTLED) -> None:
    for number in range(times):
        context_for(session, now=at).remember(Deed.MAKE_SLOTS, number=number)
    session.commit()


def seal_all(session: Session, now: datetime = NOW) -> None:
    while seals.seal(session, KEY, now):
        pass
    session.rollback()


def verdict(session: Session, now: datetime = NOW) -> Verdict:
    session.rollback()
    return check(session, KEY, now)


def ids(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


def change(engine: Engine, statement: str, **values: object) -> None:
    """Changes the trail as somebody with all rights in the database."""
    with engine.begin() as connection:
        connection.execute(text(statement), values)


@pytest.fixture
def sealed(database: Session, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A trail of ten entries with four seals; their ids."""
    monkeypatch.setattr(seals, "AT_ONCE", 3)
    remember(database, 10)
    seal_all(database)
    return ids(database)


def test_an_untouched_trail_is_good(database: Session, sealed: list[int]) -> None:
    found = verdict(database)

    assert (found.seals, found.sealed, found.unsealed, found.fault) == (4, 10, 0, None)


def test_the_newest_entries_are_not_sealed_yet(database: Session) -> None:
    remember(database, 3)
    remember(database, 2, at=NOW)
    remember(database, 1)
    seal_all(database)

    assert (verdict(database).sealed, verdict(database).unsealed) == (3, 3)


def test_an_entry_that_is_committed_after_its_neighbours_were_sealed_is_sealed_later(
    database: Session, engine: Engine
) -> None:
    with Session(engine) as slow:
        context_for(slow, now=SETTLED).remember(Deed.IMPORT_RECORDS)
        remember(database, 3)
        seal_all(database)
        assert (verdict(database).sealed, verdict(database).fault) == (3, None)
        slow.commit()
    assert (verdict(database).unsealed, verdict(database).fault) == (1, None)

    seal_all(database)

    assert (verdict(database, MUCH_LATER).sealed, verdict(database).fault) == (4, None)


def test_several_workers_seal_each_entry_once(
    database: Session, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 5)
    remember(database, 60)
    new_session = sessionmaker(engine)

    def work(_: int) -> None:
        with new_session() as session:
            seal_all(session)

    with ThreadPoolExecutor(6) as workers:
        list(workers.map(work, range(6)))

    assert (verdict(database).sealed, verdict(database).fault) == (60, None)


CHANGED = "Seal 2: one of the entries {ids[3]} to {ids[5]} was changed, or the seal itself was."


Tamper = Callable[[list[int]], tuple[str, dict[str, object]]]


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        (
            lambda ids: ("UPDATE audit_event SET actor_name = 'X' WHERE id = :i", {"i": ids[4]}),
            CHANGED,
        ),
        (
            lambda ids: ("UPDATE audit_event SET detail = '{}' WHERE id = :i", {"i": ids[5]}),
            CHANGED,
        ),
        (
            lambda ids: (
                "UPDATE audit_event SET at = at + INTERVAL 1 SECOND WHERE id = :i",
                {"i": ids[3]},
            ),
            CHANGED,
        ),
        (
            lambda ids: ("DELETE FROM audit_event WHERE id = :i", {"i": ids[4]}),
            "Seal 2: entry {ids[4]} is gone.",
        ),
        (
            lambda _: ("DELETE FROM audit_seal WHERE number = 3", {}),
            "Seal 3 is gone, or is not the one that was written.",
        ),
        (
            lambda _: ("UPDATE audit_seal SET signature = :s WHERE number = 3", {"s": "0" * 64}),
            "Seal 3 is not signed with the portal's key.",
        ),
        (
            lambda _: ("UPDATE audit_seal SET sealed_at = '2020-01-01' WHERE number = 3", {}),
            "Seal 3: one of the entries {ids[6]} to {ids[8]} was changed, or the seal itself was.",
        ),
    ],
)
def test_a_break_is_named(
    database: Session,
    owner_engine: Engine,
    sealed: list[int],
    tampering: Tamper,
    fault: str,
) -> None:
    statement, values = tampering(sealed)
    change(owner_engine, statement, **values)

    assert verdict(database).fault == fault.format(ids=sealed)


def test_an_entry_that_was_put_into_a_gap_is_found(database: Session, owner_engine: Engine) -> None:
    remember(database, 2)
    context_for(database, now=SETTLED).remember(Deed.MAKE_SLOTS)
    database.rollback()
    remember(database, 2)
    seal_all(database)
    gap = ids(database)[1] + 1
    before = table_of(AuditEvent)
    with owner_engine.begin() as connection:
        row = connection.execute(select(before).limit(1)).one()._mapping
        connection.execute(insert(before).values({**row, "id": gap, "actor_name": "Somebody"}))

    assert verdict(database, MUCH_LATER).fault == f"Seal 1: entry {gap} was added later."


def test_a_chain_that_was_rebuilt_without_the_key_is_found(
    database: Session, owner_engine: Engine, sealed: list[int]
) -> None:
    change(owner_engine, "DELETE FROM audit_seal")
    change(owner_engine, "DELETE FROM audit_event WHERE id = :i", i=sealed[4])
    while seals.seal(database, b"another key", NOW):
        pass

    assert verdict(database).fault == "Seal 1 is not signed with the portal's key."


def run_verify(url: str) -> tuple[int, str, str]:
    outcome = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"],
        cwd=ROOT,
        env={**os.environ, **ENVIRONMENT, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    return outcome.returncode, outcome.stdout, outcome.stderr


def test_the_command_names_the_first_break(
    database: Session, owner_engine: Engine, database_url: str, sealed: list[int]
) -> None:
    newest = database.scalars(select(AuditSeal.digest).order_by(AuditSeal.number.desc())).first()
    database.rollback()
    status, said, _ = run_verify(database_url)
    assert (status, said.splitlines()[-1]) == (0, "The audit trail is as it was written.")
    assert str(newest) in said

    change(owner_engine, "DELETE FROM audit_event WHERE id = :i", i=sealed[0])

    status, _, complaint = run_verify(database_url)
    assert status == 1
    assert f"Seal 1: entry {sealed[0]} is gone." in complaint


def test_nothing_is_sealed_twice(database: Session, sealed: list[int]) -> None:
    seal_all(database)

    assert database.scalar(select(func.count()).select_from(AuditSeal)) == 4
