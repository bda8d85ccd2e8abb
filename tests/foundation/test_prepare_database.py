"""The accounts, tables and grants of a new database, on a real server that demands TLS."""

import ipaddress
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pymysql
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from migrations import prepare_database
from migrations.prepare_database import Account, Database, prepare
from tests.emulated_aws import EmulatedAws
from tests.mariadb import Server, running_mariadb

MIGRATION = Account("migrations", "made of letters")
APPLICATION = Account("portal", "made of others")

MAY_NOT = {1142, 1044}
"""What MariaDB says to somebody without the privilege."""


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(pem))
    paths[1].write_bytes(key.private_bytes(pem, *plain))
    folder.chmod(0o755)
    paths[1].chmod(0o644)  # for the server's own account
    return paths


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    certificate, key = certificate_in(tmp_path_factory.mktemp("tls"))
    options = (f"--ssl-cert={certificate}", f"--ssl-key={key}", "--require-secure-transport=ON")
    with running_mariadb(options=options) as running:
        yield running, certificate


@pytest.fixture(scope="module")
def master(server: tuple[Server, Path]) -> Account:
    return Account("owner", server[0].owner_password)


@pytest.fixture(scope="module")
def database(server: tuple[Server, Path], master: Account) -> Database:
    """Prepared twice: the second time finds all done."""
    running, certificate = server
    database = Database("127.0.0.1", running.port, "medicare_hub", str(certificate))
    for _ in range(2):
        prepare(database, master=master, migration=MIGRATION, application=APPLICATION)
    return database


def attempt(database: Database, account: Account, statement: str) -> int:
    """The error that a statement ends with; 0 when it is carried out."""
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


def test_the_migrations_change_tables_and_give_nothing_away(database: Database) -> None:
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
    # What changes tables starts as in production, where no sign-in is emulated.
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
