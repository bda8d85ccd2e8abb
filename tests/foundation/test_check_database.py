"""The check of a restored database."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pymysql
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from migrations import check_database
from migrations.prepare_database import Account, Database
from portal.audit.seals import key_from, seal
from tests.emulated_aws import EmulatedAws
from tests.plugins.tls_mariadb import APPLICATION

SECRET = "of the hospital that was restored, long enough"
ENTRY = (
    "INSERT INTO audit_event (at, actor_ref, actor_name, actor_roles, deed)"
    " VALUES (%s, 'somebody', 'Somebody', 'administrator', 'found a clinic')"
)
PERSON = (
    "INSERT INTO account (ref, issuer, subject, name, role_values, created_at)"
    " VALUES ('somebody', 'https://sign-in.invalid', 'somebody', 'Somebody', 'administrator', %s)"
)
EMPTIED = ("DELETE FROM audit_seal", "DELETE FROM audit_event", "DELETE FROM account")


@pytest.fixture
def execute(tls_master: Account, prepared_database: Database) -> Iterator[Callable[..., None]]:
    """Changes the database with its master account. After the test, every table is restored."""
    connection = prepared_database.connect(tls_master, prepared_database.name)

    def run(statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    yield run
    for cleaning in EMPTIED:
        run(cleaning)
    connection.close()


@pytest.fixture
def checked(
    prepared_database: Database,
    aws: EmulatedAws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[[], tuple[int, dict[str, Any]]]:
    """Runs the check: its exit status and its output."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url)
    monkeypatch.delenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
    client = boto3.client("secretsmanager")
    held = {"username": APPLICATION.name, "password": APPLICATION.password}
    client.create_secret(Name="APPLICATION", SecretString=json.dumps(held))
    client.create_secret(Name="KEY", SecretString=json.dumps({"SECRET_KEY": SECRET}))

    def run() -> tuple[int, dict[str, Any]]:
        status = check_database.main(
            {
                "DATABASE_HOST": prepared_database.host,
                "DATABASE_PORT": str(prepared_database.port),
                "DATABASE_NAME": prepared_database.name,
                "DATABASE_CA": prepared_database.authority,
                "APPLICATION_SECRET": "APPLICATION",
                "KEY_SECRET": "KEY",
            }
        )
        return status, json.loads(capsys.readouterr().out)

    return run


def sealed(database: Database, master: Account, execute: Callable[..., None]) -> None:
    """A person, and an audit trail of two entries under one seal."""
    now = datetime.now(UTC)
    execute(PERSON, now)
    for _ in range(2):
        execute(ENTRY, now - timedelta(hours=1))
    engine = create_engine(
        "mysql+pymysql://", creator=lambda: database.connect(master, database.name)
    )
    with Session(engine) as session:
        seal(session, key_from(SECRET), now)
    engine.dispose()


def test_a_whole_database_is_counted_and_its_trail_verified(
    prepared_database: Database,
    tls_master: Account,
    execute: Callable[..., None],
    checked: Callable[[], tuple[int, dict[str, Any]]],
) -> None:
    sealed(prepared_database, tls_master, execute)
    status, told = checked()
    assert status == 0, told
    assert (told["rows"]["account"], told["rows"]["audit_event"]) == (1, 2)
    assert "1 valid seals over 2 entries" in told["audit"]


def test_a_trail_that_was_changed_is_not_opened(
    prepared_database: Database,
    tls_master: Account,
    execute: Callable[..., None],
    checked: Callable[[], tuple[int, dict[str, Any]]],
) -> None:
    sealed(prepared_database, tls_master, execute)
    execute("UPDATE audit_event SET deed = 'nothing' LIMIT 1")
    status, told = checked()
    assert status == 1
    assert "The audit trail is broken" in told["audit"]


def test_a_database_without_anybody_is_not_the_hospital_s(
    checked: Callable[[], tuple[int, dict[str, Any]]],
) -> None:
    status, told = checked()
    assert (status, told["rows"]["account"]) == (1, 0)


def test_it_needs_no_right_to_change_anything(prepared_database: Database) -> None:
    with (
        prepared_database.connect(APPLICATION, prepared_database.name) as connection,
        connection.cursor() as cursor,
        pytest.raises(pymysql.err.OperationalError),
    ):
        cursor.execute("DELETE FROM audit_event")


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_database.main({"DATABASE_HOST": "127.0.0.1"}) == 2
    assert "KEY_SECRET" in capsys.readouterr().err
