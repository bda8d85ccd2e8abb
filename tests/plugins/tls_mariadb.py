"""Fixtures: a MariaDB server that demands TLS, as production's does, and a database prepared on it."""

import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from migrations.prepare_database import Account, Database, prepare
from tests.mariadb import Server, running_mariadb

NAME = "database.test"
MIGRATION = Account("migrations", "made of letters")
APPLICATION = Account("portal", "made of others")


def certificate_in(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and `NAME` that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName(NAME)]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
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
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    certificate, key = certificate_in(tmp_path_factory.mktemp("tls"))
    options = (f"--ssl-cert={certificate}", f"--ssl-key={key}", "--require-secure-transport=ON")
    with running_mariadb(options=options) as running:
        yield running, certificate


@pytest.fixture(scope="module")
def tls_master(tls_server: tuple[Server, Path]) -> Account:
    return Account("owner", tls_server[0].owner_password)


@pytest.fixture(scope="module")
def prepared_database(tls_server: tuple[Server, Path], tls_master: Account) -> Database:
    """Prepared twice: the second time there is nothing left to do."""
    running, certificate = tls_server
    database = Database("127.0.0.1", running.port, "medicare_hub", str(certificate))
    for _ in range(2):
        prepare(database, master=tls_master, migration=MIGRATION, application=APPLICATION)
    return database
