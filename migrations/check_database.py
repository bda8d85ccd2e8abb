"""Checks a restored database: its audit trail, and the number of rows of each table.

    python -m migrations.check_database

It changes nothing. It ends with 1 when the audit trail is not as it was written, or when nobody has an
account. It reads:

DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_CA, APPLICATION_SECRET: as prepare_database.py
KEY_SECRET: the secret that holds SECRET_KEY and, if there is one, AUDIT_SEAL_KEY
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import boto3

from migrations.prepare_database import ROOT, Account, Database, account_of, database_of

NEEDED = (
    *("DATABASE_HOST", "DATABASE_PORT", "DATABASE_NAME", "DATABASE_CA"),
    *("APPLICATION_SECRET", "KEY_SECRET"),
)
VERIFY = ("audit", "verify")
NEVER_EMPTY = "account"


def counts(database: Database, account: Account) -> dict[str, int]:
    """The number of rows of each table."""
    with database.connect(account, database.name) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = %s AND table_type = 'BASE TABLE' ORDER BY table_name",
            [database.name],
        )
        names = [str(row[0]) for row in cursor.fetchall()]
        return {name: _count(cursor, name) for name in names}


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM `{table}`")  # noqa: S608 -- a name that the database told
    return int(cursor.fetchone()[0])


def verdict(database: Database, account: Account, keys: Mapping[str, str]) -> tuple[bool, str]:
    """Whether the audit trail is valid, and the output of `audit verify`."""
    run = subprocess.run(  # noqa: S603 -- a command of this project, with fixed arguments
        [sys.executable, "-m", "flask", "--app", "wsgi", *VERIFY],
        cwd=ROOT,
        env={**os.environ, **database.settings(account), **keys},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode == 0, (run.stdout + run.stderr).strip()


def keys_of(secret: str) -> dict[str, str]:
    answer = boto3.client("secretsmanager").get_secret_value(SecretId=secret)
    held: dict[str, str] = json.loads(answer["SecretString"])
    return held


def main(environment: Mapping[str, str] = os.environ) -> int:
    missing = [name for name in NEEDED if not environment.get(name)]
    if missing:
        print(f"Set {', '.join(missing)}: see the top of {__file__}.", file=sys.stderr)
        return 2
    database = database_of(environment)
    account = account_of(environment["APPLICATION_SECRET"])
    rows = counts(database, account)
    good, said = verdict(database, account, keys_of(environment["KEY_SECRET"]))
    print(json.dumps({"rows": rows, "audit": said}))
    if not rows.get(NEVER_EMPTY):
        print("Nobody has an account in this database: it is not the hospital's.", file=sys.stderr)
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
