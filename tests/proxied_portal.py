"""The portal behind nginx, as on an instance: the role's own configuration, on loopback."""

import os
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tests.processes import children
from tests.served_portal import PortalDidNotStart, Served, free_port, served

ROLE = Path(__file__).parents[1] / "ansible" / "roles" / "portal_image"
START_SECONDS = 30


@dataclass(frozen=True)
class Proxied:
    """gunicorn, and the nginx before it."""

    portal: Served
    port: int
    pid: int
    folder: Path

    @property
    def address(self) -> str:
        """Without a final slash."""
        return f"https://127.0.0.1:{self.port}"

    @property
    def certificate(self) -> str:
        """For those who check it."""
        return str(self.folder / "certificate.pem")

    @property
    def log(self) -> str:
        """What nginx answered by itself."""
        return (self.folder / "answered.json").read_text()

    @property
    def said(self) -> str:
        """What nginx wrote to standard error."""
        return (self.folder / "said").read_text()

    def temporary_files(self) -> list[str]:
        """Those that nginx holds open. It removes each from its folder as soon as it has made it."""
        files = (file for pid in children(self.pid) for file in Path(f"/proc/{pid}/fd").iterdir())
        return [where for file in files if "/bodies/" in (where := _target(file))]


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def tls() -> ssl.SSLContext:
    """As a load balancer has it: it does not ask who signed the certificate."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def defaults() -> dict[str, Any]:
    """The role's figures."""
    found: dict[str, Any] = yaml.safe_load((ROLE / "defaults" / "main.yml").read_text())
    return found


def configuration(folder: Path, port: int, **figures: Any) -> str:
    """The role's template for loopback. `figures` replace the role's defaults."""
    environment = Environment(
        loader=FileSystemLoader(ROLE / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        autoescape=False,  # noqa: S701
    )
    places = {
        "ansible_managed": "for a test",
        "__portal_image_proxy_folder": folder,
        "__portal_image_proxy_pages": ROLE / "files" / "proxy",
        "__portal_image_proxy_listen": f"127.0.0.1:{port}",
        "__portal_image_proxy_certificate": folder / "certificate.pem",
        "__portal_image_proxy_trusted": "127.0.0.0/8",
        "__portal_image_proxy_log": folder / "answered.json",
        "__portal_image_portal_socket": folder / "portal.sock",
    }
    return environment.get_template("nginx.conf.j2").render(**{**defaults(), **places, **figures})


@contextmanager
def proxied(
    database_url: str, folder: Path, figures: dict[str, Any] | None = None, **options: Any
) -> Iterator[Proxied]:
    """Serves the portal behind nginx; `options` as of `served`. Both end with the block."""
    told = {"TRUSTED_PROXIES": "1", **options}
    socket_file = folder / "portal.sock"
    with (
        served(database_url, folder / "log", socket_file=socket_file, **told) as portal,
        nginx_before(portal, folder, **(figures or {})) as proxied,
    ):
        yield proxied


@contextmanager
def nginx_before(portal: Served, folder: Path, **figures: Any) -> Iterator[Proxied]:
    """nginx before a gunicorn that listens at `portal.sock` in the folder."""
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(configuration(folder, port, **figures))
    make_certificate(folder / "certificate.pem")
    user = "user root; " if os.geteuid() == 0 else ""
    command = ["/usr/sbin/nginx", "-c", str(file), "-g", f"{user}daemon off;"]
    with (folder / "said").open("w") as said:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *command], stdout=said, stderr=said
        )
    try:
        proxied = Proxied(portal, port, process.pid, folder)
        _wait_for(folder / "portal-proxy.pid", process, proxied)
        yield proxied
    finally:
        process.terminate()
        process.wait(30)


def make_certificate(file: Path) -> None:
    """As portal-certificate.service does."""
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc")
    what = ("-days", "2", "-subj", "/CN=portal", "-addext", "subjectAltName=IP:127.0.0.1")
    command = ["openssl", "req", "-x509", *kind, *what, "-keyout", str(file), "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)


def _wait_for(pid_file: Path, process: subprocess.Popen[bytes], proxied: Proxied) -> None:
    """nginx writes the file when it has opened its port."""
    deadline = time.monotonic() + START_SECONDS
    while not pid_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise PortalDidNotStart(proxied.said[-2000:])
        time.sleep(0.02)
