"""Brings the portal's database to this release: its accounts, its tables, its grants.

    python -m migrations.prepare_database

Runs once for each release, before its instances start, on a machine that may read the master's secret. Every
step may be repeated. It reads:

DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_CA (the file with the authority of its certificate)
MASTER_SECRET, MIGRATION_SECRET, APPLICATION_SECRET: names or ARNs of secrets in AWS Secrets Manager, each
{"username": …, "password": …}. Passwords are in memory only.
"""

import json
import os
import secrets
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pymysql
from sqlalchemy import URL

ROOT = Path(__file__).parents[1]
GRANTS = Path(__file__).with_name("grants.sql")
GRANTED_TO = "portal"
"""The account that the grants are written for."""

MIGRATE = ("database", "upgrade-once")

CHANGES_TABLES = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, TRIGGER, LOCK TABLES"
)

WRONG_PASSWORD = 1045


@dataclass(frozen=True)
class Account:
    """An account of the database server."""

    name: str
    password: str


@dataclass(frozen=True)
class Database:
    """Where the database is, and whose certificate it must show."""

    host: str
    port: int
    name: str
    authority: str

    def connect(self, account: Account, database: str | None = None) -> Any:
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=account.name,
            password=account.password,
            database=database,
            ssl=ssl.create_default_context(cafile=self.authority),
            charset="utf8mb4",
            autocommit=True,
        )

    def settings(self, account: Account) -> dict[str, str]:
        """The environment in which the portal's commands use this account."""
        url = URL.create(
            "mysql+pymysql", account.name, account.password, self.host, self.port, self.name
        )
        return {
            **SERVES_NOBODY,
            "DATABASE_URL": url.render_as_string(hide_password=False),
            "DATABASE_CA": self.authority,
        }


def prepare(
    database: Database, *, master: Account, migration: Account, application: Account
) -> None:
    """Runs all steps in order."""
    with database.connect(master) as connection, connection.cursor() as cursor:
        make_database(cursor, database.name)
        for account in (migration, application):
            make_account(cursor, database, account)
        cursor.execute(
            f"GRANT {CHANGES_TABLES} ON `{database.name}`.* TO %s@'%%'", [migration.name]
        )
    migrate(database, migration)
    with database.connect(master, database.name) as connection, connection.cursor() as cursor:
        grant(cursor, application)


def make_database(cursor: Any, name: str) -> None:
    cursor.execute(
        f"CREATE DATABASE IF NOT EXISTS `{name}` "
        "CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
    )


def make_account(cursor: Any, database: Database, account: Account) -> None:
    """An account that signs in over TLS alone, with the password of its secret."""
    signing_in = (account.name, account.password)
    cursor.execute("CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY %s REQUIRE SSL", signing_in)
    if not signs_in(database, account):
        keeping = "" if is_mariadb(cursor) else " RETAIN CURRENT PASSWORD"
        # The old password stays valid until the instances use the new one.
        cursor.execute(f"ALTER USER %s@'%%' IDENTIFIED BY %s{keeping}", signing_in)


def signs_in(database: Database, account: Account) -> bool:
    try:
        database.connect(account).close()
    except pymysql.err.OperationalError as refusal:
        if refusal.args[0] != WRONG_PASSWORD:
            raise
        return False
    return True


def is_mariadb(cursor: Any) -> bool:
    """MariaDB, on which the tests run, has no second password."""
    cursor.execute("SELECT VERSION()")
    return "MariaDB" in cursor.fetchone()[0]


def migrate(database: Database, account: Account) -> None:
    """Brings the tables to this release. Raises CalledProcessError when a migration fails."""
    subprocess.run(  # noqa: S603 -- a command of this project, with fixed arguments
        [sys.executable, "-m", "flask", "--app", "wsgi", *MIGRATE],
        cwd=ROOT,
        env={**os.environ, **database.settings(account)},
        check=True,
    )


SERVES_NOBODY = {
    "SECRET_KEY": secrets.token_hex(32),
    "PORTAL_URL": "https://portal.invalid",
    "OIDC_PROVIDER": "standard",
    "OIDC_ISSUER": "https://sign-in.invalid",
    "OIDC_CLIENT_ID": "none",
    "OIDC_CLIENT_SECRET": "none",
    "MAIL_FROM": "nobody@portal.invalid",
    "SHARED_FILES_DIRECTORY": "/srv/none",
}
"""The portal does not start without these, and needs none of them to change its tables."""


def grant(cursor: Any, account: Account) -> None:
    """Grants the portal's account its rights, table by table."""
    text = "\n".join(
        line for line in GRANTS.read_text(encoding="utf-8").splitlines() if line[:2] != "--"
    )
    for statement in filter(str.strip, text.split(";")):
        cursor.execute(statement.replace(f"'{GRANTED_TO}'@", f"'{account.name}'@"))


def account_of(secret: str) -> Account:
    """The account that a secret in AWS Secrets Manager holds."""
    answer = boto3.client("secretsmanager").get_secret_value(SecretId=secret)
    held = json.loads(answer["SecretString"])
    return Account(held["username"], held["password"])


def database_of(environment: Mapping[str, str]) -> Database:
    """The database that DATABASE_HOST, DATABASE_PORT, DATABASE_NAME and DATABASE_CA name."""
    return Database(
        host=environment["DATABASE_HOST"],
        port=int(environment["DATABASE_PORT"]),
        name=environment["DATABASE_NAME"],
        authority=environment["DATABASE_CA"],
    )


def main(environment: Mapping[str, str] = os.environ) -> int:
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        print(f"Set {', '.join(missing)}: see the top of {__file__}.", file=sys.stderr)
        return 2
    prepare(
        database_of(environment),
        master=account_of(environment["MASTER_SECRET"]),
        migration=account_of(environment["MIGRATION_SECRET"]),
        application=account_of(environment["APPLICATION_SECRET"]),
    )
    print("The database is ready for this release.")
    return 0


NEEDED = (
    *("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_CA"),
    *("MASTER_SECRET", "MIGRATION_SECRET", "APPLICATION_SECRET"),
)

if __name__ == "__main__":
    sys.exit(main())
