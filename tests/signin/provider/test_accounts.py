"""Accounts by issuer and subject; two first sign-ins at once make one account."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from portal.access import Role
from portal.models import Account
from portal.signin.provider.actions import recognise
from portal.signin.provider.person import Person
from portal.signin.provider.refusals import SignInRefused
from tests.builders import NOW, an_account

INGRID = Person(
    issuer="https://issuer.example",
    subject="subject-1",
    name="Ingrid Solheim",
    email="ingrid@example.org",
    username="7f3c",
    roles=frozenset({Role.NURSE, Role.ADMINISTRATOR}),
)


def test_an_account_is_made_and_found_again(session: Session) -> None:
    made = recognise(session, INGRID, now=NOW)
    found = recognise(session, INGRID, now=NOW)

    assert found.id == made.id
    assert (found.name, found.email, found.username) == (INGRID.name, INGRID.email, "7f3c")
    assert found.role_values == "administrator nurse"
    assert found.created_at == NOW


def test_an_account_that_an_administrator_prepared_is_used(session: Session) -> None:
    prepared = an_account(
        session, Role.DOCTOR, issuer=INGRID.issuer, subject=INGRID.subject, name="I. Solheim"
    )

    found = recognise(session, INGRID, now=NOW)

    assert found.id == prepared.id
    assert (found.name, found.role_values) == ("Ingrid Solheim", "administrator nurse")


def test_a_subject_is_compared_letter_by_letter(session: Session) -> None:
    an_account(session, Role.DOCTOR, issuer=INGRID.issuer, subject="SUBJECT-1")

    assert recognise(session, INGRID, now=NOW).subject == "subject-1"


def test_a_disabled_account_is_refused(session: Session) -> None:
    an_account(session, issuer=INGRID.issuer, subject=INGRID.subject, disabled_at=NOW)

    with pytest.raises(SignInRefused) as refusal:
        recognise(session, INGRID, now=NOW)
    assert refusal.value.status == 403


def test_two_first_sign_ins_at_the_same_moment_make_one_account(
    database: Session, engine: Engine
) -> None:
    together = Barrier(2)

    def sign_in(_: int) -> int:
        with Session(engine, autoflush=False, expire_on_commit=False) as session:
            assert session.scalars(select(Account)).all() == []
            together.wait(5)
            account = recognise(session, INGRID, now=NOW)
            session.commit()
            return account.id

    with ThreadPoolExecutor(2) as pool:
        ids = set(pool.map(sign_in, range(2)))

    assert len(ids) == 1
    assert database.scalar(select(func.count()).select_from(Account)) == 1
