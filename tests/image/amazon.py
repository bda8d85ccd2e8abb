"""What stands around an instance: metadata, Parameter Store, Secrets Manager, and a real MariaDB."""

import json
import logging
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from tests.image.certificates import Certificates
from tests.image.metadata_service import MetadataService, serving
from tests.image.network import AMAZON, METADATA, Vpc
from tests.mariadb import CHARACTER_SET, COLLATION, OWNER, Server, running_mariadb

GRANTS = Path(__file__).parents[2] / "migrations" / "grants.sql"
PATH = "/medicare-hub/rehearsal/portal/"
TAGS = {"Project": "medicare-hub", "Environment": "rehearsal"}
ENDPOINT = f"http://{AMAZON}:443"
"""AWS's interfaces: without TLS, but behind the port that the image lets out."""

SETTINGS = {
    "PORTAL_URL": "https://portal.hospital.example",
    "OIDC_ISSUER": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_rehearsal",
    "OIDC_CLIENT_ID": "portal",
    "MAIL_FROM": "appointments@hospital.example",
    "FILE_SYSTEM_ID": "fs-0123456789abcdef0",
    "FILE_SYSTEM_ACCESS_POINT": "fsap-0123456789abcdef0",
    "database/host": AMAZON,
    "database/port": "3306",
    "database/name": "portal",
}


@dataclass
class Amazon:
    """Asks and changes what the instance sees."""

    vpc: Vpc
    database: Server
    metadata: MetadataService
    secrets: list[str]
    """Every secret that was ever published."""

    def publish(self, **parameters: str) -> None:
        with self.vpc.among_amazons():
            for name, value in parameters.items():
                self.client("ssm").put_parameter(
                    Name=PATH + name, Value=value, Type="SecureString", Overwrite=True
                )

    def publish_secret(self, name: str, value: dict[str, str]) -> None:
        """Makes the secret, or rotates it."""
        self.secrets += [text for name, text in value.items() if name != "username"]
        with self.vpc.among_amazons():
            manager = self.client("secretsmanager")
            try:
                manager.put_secret_value(SecretId=name, SecretString=json.dumps(value))
            except manager.exceptions.ResourceNotFoundException:
                made = manager.create_secret(Name=name, SecretString=json.dumps(value))
                self.publish(**{f"secrets/{name}": made["ARN"]})

    def grant(self) -> None:
        """What the portal's account may do, from the release itself."""
        self.database.execute(f"USE portal; {GRANTS.read_text()}")

    def upgrade_url(self) -> str:
        """The address of an account that may change the schema."""
        return (
            f"mysql+pymysql://{OWNER}:{self.database.owner_password}@{AMAZON}:3306/portal"
            "?charset=utf8mb4"
        )

    @contextmanager
    def away(self) -> Iterator[None]:
        """AWS's interfaces answer nobody; metadata and database do."""
        chain = "chain inet away input { type filter hook input priority 0; }"
        rule = "rule inet away input tcp dport 443 reject with tcp reset"
        rules = f"add table inet away; add {chain}; add {rule}"
        with self.vpc.among_amazons():
            subprocess.run(["nft", rules], check=True)
        try:
            yield
        finally:
            with self.vpc.among_amazons():
                subprocess.run(["nft", "delete table inet away"], check=True)

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            region_name="eu-west-2",
            endpoint_url=ENDPOINT,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def new_password(self) -> str:
        """Gives the portal's database account another password and publishes it.

        It holds every sign that a quotation could stumble over.
        """
        password = secrets.token_hex(8) + """ "'`$\\%#{}@/:&;!?"""
        quoted = password.replace("\\", "\\\\").replace("'", "''")
        self.database.execute(f"ALTER USER portal IDENTIFIED BY '{quoted}' REQUIRE SSL")
        self.publish_secret("database", {"username": "portal", "password": password})
        return password


@contextmanager
def amazon_around(vpc: Vpc, certificates: Certificates) -> Iterator[Amazon]:
    """Everything that an instance needs to serve, published."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    tls = (f"--ssl-cert={certificates.certificate}", f"--ssl-key={certificates.key}")
    address = (f"--bind-address={AMAZON}", "--port=3306", "--require-secure-transport=ON")
    metadata = MetadataService(TAGS)
    moto = ThreadedMotoServer(ip_address=AMAZON, port=443, verbose=False)
    with ExitStack() as running:
        with vpc.among_amazons():
            moto.start()
            running.callback(moto.stop)
            server = running.enter_context(running_mariadb(options=(*tls, *address)))
            running.enter_context(serving(metadata, METADATA))
        amazon = Amazon(vpc, server, metadata, [])
        _prepare(amazon)
        yield amazon


def _prepare(amazon: Amazon) -> None:
    amazon.database.execute(
        f"CREATE DATABASE portal CHARACTER SET {CHARACTER_SET} COLLATE {COLLATION};"
        "CREATE USER portal"
    )
    amazon.publish(**SETTINGS)
    fields = {"SECRET_KEY": secrets.token_urlsafe(48), "OIDC_CLIENT_SECRET": secrets.token_hex(32)}
    amazon.publish_secret("portal", fields)
    amazon.new_password()


def emulated_endpoint(root: Path) -> None:
    """What differs from an instance: where the settings' program finds AWS, and its patience."""
    folder = root / "etc/systemd/system/portal-settings.service.d"
    folder.mkdir(exist_ok=True)
    variables = f"AWS_ENDPOINT_URL={ENDPOINT} PORTAL_SETTINGS_SECONDS=3"
    (folder / "emulated-aws.conf").write_text(f"[Service]\nEnvironment={variables}\n")
