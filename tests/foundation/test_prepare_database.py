"""The accounts, tables and grants of a new database, on a real server that demands TLS."""

import json

import boto3
import pymysql
import pytest

from migrations import prepare_database
from migrations.prepare_database import Account, Database, prepare
from tests.emulated_aws import EmulatedAws
from tests.plugins.tls_mariadb import APPLICATION, MIGRATION

MAY_NOT = {1142, 1044}
"""MariaDB's error for an account without the privilege."""


@pytest.fixture
def master(tls_master: Account) -> Account:
    return tls_master


@pytest.fixture
def database(prepared_database: Database) -> Database:
    """Prepared twice: the second time does nothing."""
    return prepared_database


def attempt(database: Database, account: Account, statement: str) -> int:
    """The error number of a statement; 0 when it succeeds."""
    with database.connect(account, database.name) as connection, connection.cursor() as cursor:
        try:
            cursor.execute(statement)
        except pymysql.err.MySQLError as refusal:
            return int(refusal.args[0])
    return 0


def test_the_portal_reads_and_writes_its_tables(database: Database) -> None:
    assert attempt(database, APPLICATION, "SELECT count(*) FROM patient") == 0
    assert attempt(database, APPLICATION, "UPDATE slot SET status = 'free' WHERE 1 = 0") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE intruder (id INT)",
        "DROP TABLE patient",
        "ALTER TABLE patient ADD intruder INT",
        "UPDATE audit_event SET deed = 'none' WHERE 1 = 0",
        "DELETE FROM audit_event WHERE 1 = 0",
    ],
)
def test_the_portal_changes_no_table_and_no_trail(database: Database, statement: str) -> None:
    assert attempt(database, APPLICATION, statement) in MAY_NOT


def test_the_migrations_account_changes_tables_and_grants_nothing(database: Database) -> None:
    assert attempt(database, MIGRATION, "CREATE TABLE measured (id INT)") == 0
    assert attempt(database, MIGRATION, "DROP TABLE measured") == 0
    assert attempt(database, MIGRATION, "CREATE USER intruder") != 0
    assert attempt(database, MIGRATION, "GRANT SELECT ON patient TO portal@'%'") in MAY_NOT


def test_nobody_signs_in_without_tls(database: Database) -> None:
    with pytest.raises(pymysql.err.OperationalError):
        pymysql.connect(
            host=database.host,
            port=database.port,
            user=APPLICATION.name,
            password=APPLICATION.password,
            ssl_disabled=True,
        )


def test_a_changed_secret_changes_the_password(database: Database, master: Account) -> None:
    changed = Account(APPLICATION.name, "made of yet others")
    prepare(database, master=master, migration=MIGRATION, application=changed)
    assert attempt(database, changed, "SELECT count(*) FROM patient") == 0
    prepare(database, master=master, migration=MIGRATION, application=APPLICATION)


def test_passwords_come_from_secrets_manager(
    database: Database,
    master: Account,
    aws: EmulatedAws,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", aws.url)
    # Programs that change tables start as in production, without an emulated sign-in.
    monkeypatch.delenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER")
    client = boto3.client("secretsmanager")
    accounts = {"MASTER": master, "MIGRATION": MIGRATION, "APPLICATION": APPLICATION}
    for name, account in accounts.items():
        held = {"username": account.name, "password": account.password}
        client.create_secret(Name=name, SecretString=json.dumps(held))
    status = prepare_database.main(
        {
            "DATABASE_HOST": database.host,
            "DATABASE_PORT": str(database.port),
            "DATABASE_NAME": database.name,
            "DATABASE_CA": database.authority,
            **{f"{name}_SECRET": name for name in accounts},
        }
    )
    assert status == 0
    assert capsys.readouterr().out == "The database is ready for this release.\n"


def test_what_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert prepare_database.main({"DATABASE_HOST": "127.0.0.1"}) == 2
    assert "DATABASE_PORT" in capsys.readouterr().err
