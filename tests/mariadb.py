"""A separate MariaDB server in a temporary folder, for tests and measurements.

    with running_mariadb() as server:
        engine = create_engine(server.create_database("clinic"))

The server listens on loopback only and dies with the process that started it.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pymysql
from pymysql.constants import CLIENT
from sqlalchemy import URL

CHARACTER_SET, COLLATION = "utf8mb4", "utf8mb4_unicode_520_ci"
OWNER = "owner"
START_SECONDS = 60
STOP_SECONDS = 30


class MariaDBUnavailable(RuntimeError):
    """The server cannot be started here; the message says what to do."""


@dataclass(frozen=True)
class Server:
    """The address of a running server, and what a test does to it as its administrator."""

    folder: Path
    port: int
    pid: int
    owner_password: str

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def url(
        self,
        database: str,
        *,
        user: str = OWNER,
        password: str | None = None,
        driver: str = "pymysql",
    ) -> str:
        """The SQLAlchemy address of `database`; by default as an account that may do anything."""
        url = URL.create(
            f"mysql+{driver}",
            username=user,
            password=self.owner_password if password is None else password,
            host="127.0.0.1",
            port=self.port,
            database=database,
            query={"charset": CHARACTER_SET},
        )
        return url.render_as_string(hide_password=False)

    def create_database(self, name: str) -> str:
        """Make an empty database, replacing one of that name. Returns its owner's address."""
        self.execute(
            f"DROP DATABASE IF EXISTS `{name}`;"
            f"CREATE DATABASE `{name}` CHARACTER SET {CHARACTER_SET} COLLATE {COLLATION}"
        )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop it, and end the connections to it: one inside a transaction would block this without end."""
        for connection, database in self.execute(
            "SELECT id, db FROM information_schema.processlist"
        ):
            if database == name:
                with suppress(pymysql.err.OperationalError):
                    self.execute(f"KILL {connection}")  # It may have ended by itself.
        self.execute(f"DROP DATABASE IF EXISTS `{name}`")

    def create_user(self, name: str) -> str:
        """Make an account that may sign in and nothing else. Returns its password."""
        password = secrets.token_hex(16)
        self.execute(f"CREATE OR REPLACE USER `{name}`@`%` IDENTIFIED BY '{password}'")
        return password

    def execute(self, statements: str) -> list[tuple[Any, ...]]:
        """Run statements separated by semicolons as root. Returns the last one's rows."""
        connection = pymysql.connect(
            unix_socket=str(self.socket),
            user=_account(),
            charset=CHARACTER_SET,
            client_flag=CLIENT.MULTI_STATEMENTS,
            autocommit=True,
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(statements)
            rows = cursor.fetchall()
            while cursor.nextset():
                rows = cursor.fetchall()
            return list(rows)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"folder": str(self.folder)}

    @classmethod
    def from_json(cls, fields: dict[str, Any]) -> "Server":
        return cls(**(fields | {"folder": Path(fields["folder"])}))


@contextmanager
def running_mariadb(*, durable: bool = False, options: tuple[str, ...] = ()) -> Iterator[Server]:
    """Start a server, stop it at the end and remove its folder.

    `durable` makes every COMMIT reach the disk, as in production: measurements need it, tests
    are quicker without. `options` are further options of mariadbd.

    Raises MariaDBUnavailable when Debian's package is missing or the server does not start.
    """
    folder = Path(tempfile.mkdtemp(prefix="medicare-hub-mariadb-"))
    try:
        _initialise(folder)
        process, port = _start(folder, durable=durable, options=options)
        try:
            server = Server(folder, port, process.pid, secrets.token_hex(16))
            _wait_until_ready(server, process)
            yield server
        finally:
            _stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise MariaDBUnavailable(
            f"{name} is missing. Run: sudo apt-get install --no-install-recommends mariadb-server"
        )
    return found


def _account() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name


def _initialise(folder: Path) -> None:
    outcome = subprocess.run(
        [
            _program("mariadb-install-db"),
            "--no-defaults",
            f"--datadir={folder / 'data'}",
            f"--tmpdir={folder}",
            f"--user={_account()}",
            f"--auth-root-socket-user={_account()}",
            "--skip-test-db",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode:
        raise MariaDBUnavailable(f"mariadb-install-db failed:\n{outcome.stdout}{outcome.stderr}")


def _start(
    folder: Path, *, durable: bool, options: tuple[str, ...]
) -> tuple[subprocess.Popen[bytes], int]:
    port = _free_port()
    command = [
        # The kernel stops the server when this process ends for any reason.
        *(_program("setpriv"), "--pdeathsig", "TERM"),
        *(_program("mariadbd"), "--no-defaults", f"--user={_account()}"),
        f"--datadir={folder / 'data'}",
        f"--tmpdir={folder}",
        f"--socket={folder / 'socket'}",
        f"--pid-file={folder / 'pid'}",
        f"--log-error={folder / 'error.log'}",
        *("--bind-address=127.0.0.1", f"--port={port}", "--skip-name-resolve"),
        *(f"--character-set-server={CHARACTER_SET}", f"--collation-server={COLLATION}"),
        *("--default-time-zone=+00:00", "--max-connections=500", "--innodb-lock-wait-timeout=10"),
        *_durability(durable),
        *options,
    ]
    with (folder / "error.log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True), port


def _durability(durable: bool) -> tuple[str, ...]:
    if durable:
        return (
            "--innodb-flush-log-at-trx-commit=1",
            "--innodb-doublewrite=1",
            "--innodb-buffer-pool-size=2G",
            "--innodb-log-file-size=512M",
        )
    return (
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=0",
        "--innodb-buffer-pool-size=256M",
        "--innodb-log-file-size=64M",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Wait for the server, then make its owner's account."""
    deadline = time.monotonic() + START_SECONDS
    while not _answers(server):
        if process.poll() is not None or time.monotonic() > deadline:
            raise MariaDBUnavailable(_explanation(server))
        time.sleep(0.02)
    server.execute(
        f"CREATE USER `{OWNER}`@`%` IDENTIFIED BY '{server.owner_password}';"
        f"GRANT ALL PRIVILEGES ON *.* TO `{OWNER}`@`%` WITH GRANT OPTION"
    )


def _answers(server: Server) -> bool:
    # PyMySQL leaves its socket open when nobody listens, so a plain socket is used.
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(server.socket)) == 0


def _explanation(server: Server) -> str:
    log = server.folder / "error.log"
    tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
    return "\n".join(["MariaDB did not start. Its log ends:", *tail])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
