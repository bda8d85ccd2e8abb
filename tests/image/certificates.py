"""A certificate authority for one test run, and the database's certificate that it signed."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificates:
    authority: Path
    certificate: Path
    key: Path


def certificates_for(address: str, folder: Path) -> Certificates:
    """The certificate of a server at an IP address."""
    made = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    authority_key = folder / "authority.key"
    new = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2")
    _run(*new, "-subj", "/CN=authority", "-keyout", authority_key, "-out", made.authority)
    signed_by = ("-CA", made.authority, "-CAkey", authority_key, "-addext")
    name = f"subjectAltName=IP:{address}"
    _run(
        *new, "-subj", "/CN=server", *signed_by, name, "-keyout", made.key, "-out", made.certificate
    )
    return made


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)
