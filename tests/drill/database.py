"""One MariaDB server of the pair: started as the primary or as the standby, asked and told things.

The figures are those that lost nothing when measured: `AFTER_SYNC`, an endless time-out and waiting
for a standby that is away, so that no commit is acknowledged that only one server has; appliers in
parallel, or the standby falls behind; and the semi-synchronous master never switched on in a standby,
where it would lock its applier out.
"""

import shutil
import signal
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymysql
import yaml

from tests.drill.network import address
from tests.drill.programs import ROOT, Program, Programs, wait_until
from tests.drill.settings import DATABASE
from tests.mariadb import CHARACTER_SET, COLLATION

REPLICATION = "replication"
PORT = 3306
LOCKED = 1205
LOOK_AGAIN = 0.5
PARAMETER_GROUP = ROOT / "ansible" / "roles" / "database" / "vars" / "main.yml"
AS_ON_RDS = (
    "innodb_lock_wait_timeout",
    "wait_timeout",
    "innodb_flush_log_at_trx_commit",
    "sync_binlog",
)
"""Parameters of production that decide how long a fault is felt, and what a COMMIT means."""
ENDLESS = 2**31
"""Milliseconds that a commit waits for the standby: 25 days."""

_OPTIONS = (
    *("--no-defaults", "--user=root", f"--port={PORT}", "--skip-name-resolve"),
    *(f"--character-set-server={CHARACTER_SET}", f"--collation-server={COLLATION}"),
    *("--default-time-zone=+00:00", "--max-connections=300"),
    *("--innodb-buffer-pool-size=128M", "--innodb-log-file-size=16M"),
    *("--log-bin=binlog", "--binlog-format=ROW", "--log-slave-updates", "--gtid-strict-mode=ON"),
    *("--slave-parallel-threads=8", "--slave-parallel-mode=optimistic"),
    *("--slave-net-timeout=4", "--relay-log=relay"),
    "--rpl-semi-sync-master-wait-point=AFTER_SYNC",
    f"--rpl-semi-sync-master-timeout={ENDLESS}",
    "--rpl-semi-sync-master-wait-no-slave=ON",
    "--rpl-semi-sync-slave-enabled=ON",
)
_FOLLOW = (
    "CHANGE MASTER TO master_host='{host}', master_port=3306, master_user='{user}',"
    " master_password='{user}', master_use_gtid=slave_pos, master_connect_retry=1,"
    " master_heartbeat_period=1{more}; START SLAVE"
)


@dataclass
class Database:
    """A server, its data, and where it stands."""

    place: str
    folder: Path
    programs: Programs
    number: int = 1
    """Its `server_id`."""
    program: Program | None = None

    @property
    def address(self) -> str:
        return address(self.place, "database")

    @property
    def runs(self) -> bool:
        return self.program is not None and self.program.runs

    def furnish(self, data: Path) -> None:
        """Gives it a copy of the data of a server that was stopped properly."""
        shutil.copytree(data, self.folder / "data")

    def start(self, *options: str) -> None:
        """Raises `NotReady`."""
        self.program = self.programs.start(
            f"database-{self.place}",
            self.place,
            *("mariadbd", *_OPTIONS, *parameters(), f"--server-id={self.number}"),
            *(f"--datadir={self.folder / 'data'}", f"--tmpdir={self.folder}"),
            *(f"--socket={self._socket}", f"--pid-file={self.folder / 'pid'}"),
            *(f"--bind-address={self.address}", *options),
        )
        self.program.wait_until(self._answers)

    def tell(self, *statements: str) -> list[tuple[Any, ...]]:
        """The rows of the last statement, by a local socket, which works while the network is cut."""
        connection = pymysql.connect(
            unix_socket=str(self._socket), user="root", autocommit=True, read_timeout=60
        )
        with connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    def replication(self) -> dict[str, str]:
        """What a primary says of its semi-synchronous standby."""
        return dict(self.tell("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_%'"))

    def follow(self, primary: "Database", *, demoted: bool = False) -> None:
        """Becomes the standby of `primary`; `demoted` for one that was a primary itself."""
        more = ", master_demote_to_slave=1" if demoted else ""
        statement = _FOLLOW.format(host=primary.address, user=REPLICATION, more=more)
        self.tell(*statement.split("; "))
        wait_until(lambda: self._slave("Slave_SQL_Running_State") != "", "following")

    def lead(self) -> None:
        """Becomes a primary: applies what it has received, then takes writes."""
        self.tell("STOP SLAVE IO_THREAD")
        wait_until(self._has_applied_everything, "the standby's applier")
        self.tell("STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF")

    def require_standby(self, *, wanted: bool) -> None:
        """Sets whether commits wait for a standby from now on."""
        self.tell(f"SET GLOBAL rpl_semi_sync_master_enabled = {'ON' if wanted else 'OFF'}")

    def stand_still(self) -> None:
        """The server stands still, as on a frozen disk."""
        assert self.program is not None
        self.program.tell(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self.program is not None
        self.program.tell(signal.SIGCONT)

    @contextmanager
    def transaction(self, statement: str) -> Iterator[None]:
        """Keeps the locks of the statement until it is left, and changes nothing."""
        connection = pymysql.connect(unix_socket=str(self._socket), user="root", db=DATABASE)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            yield
            connection.rollback()

    def disconnect(self, account: str) -> None:
        """Ends every connection of the account."""
        self.tell(f"KILL USER {account}")

    def is_locked(self, statement: str) -> bool:
        """Whether somebody else keeps the rows of the statement."""
        try:
            self.tell(f"USE {DATABASE}", f"{statement} FOR UPDATE NOWAIT")
        except pymysql.OperationalError as fault:
            if fault.args[0] != LOCKED:
                raise
            time.sleep(LOOK_AGAIN)
            return True
        return False

    def kill(self) -> None:
        if self.program is not None:
            self.program.kill()

    def _has_applied_everything(self) -> bool:
        return "has read all relay log" in self._slave("Slave_SQL_Running_State")

    def _slave(self, field: str) -> str:
        connection = pymysql.connect(unix_socket=str(self._socket), user="root", autocommit=True)
        with connection, connection.cursor(pymysql.cursors.DictCursor) as cursor:
            cursor.execute("SHOW SLAVE STATUS")
            row = cursor.fetchone() or {}
            return str(row.get(field) or "")

    @property
    def _socket(self) -> Path:
        return self.folder / "socket"

    def _answers(self) -> bool:
        # Not with PyMySQL, which leaves its socket open when nobody listens.
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(str(self._socket)) == 0


def is_replicated(said: Mapping[str, str]) -> bool:
    """Whether a primary waits for a standby, and has one."""
    on = said["Rpl_semi_sync_master_status"] == "ON"
    return on and int(said["Rpl_semi_sync_master_clients"]) > 0


def parameters() -> list[str]:
    """Those of production's parameter group that a drill must share, as options."""
    group = yaml.safe_load(PARAMETER_GROUP.read_text())["__database_parameters"]
    return [f"--{name}={group[name]}" for name in AS_ON_RDS if name in group]
