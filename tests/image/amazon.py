"""The services around an instance: metadata, Parameter Store, Secrets Manager, and a real MariaDB."""

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
from tests.mariadb import OWNER, Server, running_mariadb

REGION = "eu-west-2"
PATH = "/medicare-hub/rehearsal/portal/"
TAGS = {"Project": "medicare-hub", "Environment": "rehearsal"}
ENDPOINT = f"http://{AMAZON}:443"
"""AWS's APIs: without TLS, but on the port to which the image allows connections."""

SETTINGS = {
    "PORTAL_URL": "https://portal.settings.hospital.example",
    "OIDC_ISSUER": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_rehearsal",
    "OIDC_CLIENT_ID": "portal",
    "COGNITO_USER_POOL_ID": "eu-west-2_rehearsal",
    "MAIL_FROM": "appointments@hospital.example",
    "FILE_SYSTEM_ID": "fs-0123456789abcdef0",
    "FILE_SYSTEM_ACCESS_POINT": "fsap-0123456789abcdef0",
    "database/host": AMAZON,
    "database/port": "3306",
    "database/name": "portal",
}


@dataclass
class Amazon:
    """Reads and changes what the instance sees."""

    vpc: Vpc
    database: Server
    metadata: MetadataService
    secrets: list[str]
    """All secrets that were ever published."""

    def publish(self, **parameters: str) -> None:
        with self.vpc.among_amazons():
            for name, value in parameters.items():
                self.client("ssm").put_parameter(
                    Name=PATH + name, Value=value, Type="SecureString", Overwrite=True
                )

    def publish_secret(self, name: str, value: dict[str, str]) -> None:
        """One of the portal's secrets. A parameter contains its ARN."""
        self.publish(**{f"secrets/{name}": self.keep_secret(name, value)})

    def keep_secret(self, name: str, value: dict[str, str]) -> str:
        """Makes the secret, or rotates it; returns its ARN."""
        self.secrets += [text for field, text in value.items() if field != "username"]
        with self.vpc.among_amazons():
            manager, text = self.client("secretsmanager"), json.dumps(value)
            try:
                answer = manager.put_secret_value(SecretId=name, SecretString=text)
            except manager.exceptions.ResourceNotFoundException:
                answer = manager.create_secret(Name=name, SecretString=text)
        return str(answer["ARN"])

    @property
    def for_the_database(self) -> dict[str, str]:
        """The environment in which the role `schema` runs `prepare-database` on its instance."""
        return {
            "AWS_ENDPOINT_URL": ENDPOINT,
            "AWS_DEFAULT_REGION": REGION,
            "DATABASE_HOST": AMAZON,
            "DATABASE_PORT": "3306",
            "DATABASE_NAME": "portal",
            "DATABASE_CA": "/etc/medicare-hub/database-authorities.pem",
            "MASTER_SECRET": "master",
            "MIGRATION_SECRET": "migration",
            "APPLICATION_SECRET": "database",
        }

    @contextmanager
    def away(self) -> Iterator[None]:
        """AWS's APIs do not answer; metadata and database do."""
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
        make: Any = boto3.client
        return make(
            service,
            region_name=REGION,
            endpoint_url=ENDPOINT,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def rotate(self) -> None:
        """Changes the password of the portal's database account and publishes it."""
        password = a_password()
        quoted = password.replace("\\", "\\\\").replace("'", "''")
        self.database.execute(f"ALTER USER portal IDENTIFIED BY '{quoted}' REQUIRE SSL")
        self.publish_secret("database", {"username": "portal", "password": password})


@contextmanager
def amazon_around(vpc: Vpc, certificates: Certificates) -> Iterator[Amazon]:
    """Publishes everything that an instance needs to serve."""
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
    amazon.publish(**SETTINGS)
    fields = {"SECRET_KEY": secrets.token_urlsafe(48), "OIDC_CLIENT_SECRET": secrets.token_hex(32)}
    amazon.publish_secret("portal", fields)
    amazon.publish_secret("database", {"username": "portal", "password": a_password()})
    amazon.keep_secret("migration", {"username": "migration", "password": a_password()})
    master = {"username": OWNER, "password": amazon.database.owner_password}
    amazon.keep_secret("master", master)


def a_password() -> str:
    """A password with all characters that are hard to quote."""
    return secrets.token_hex(8) + """ "'`$\\%#{}@/:&;!?"""


def emulated_endpoint(root: Path) -> None:
    """The differences from an instance: where the settings program finds AWS, and how long it waits."""
    folder = root / "etc/systemd/system/portal-settings.service.d"
    folder.mkdir(exist_ok=True)
    variables = f"AWS_ENDPOINT_URL={ENDPOINT} PORTAL_SETTINGS_SECONDS=3"
    (folder / "emulated-aws.conf").write_text(f"[Service]\nEnvironment={variables}\n")
