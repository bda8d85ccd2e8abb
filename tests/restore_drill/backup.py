"""Backing up a hospital at work, and restoring it: the database, its log, the files."""

import hashlib
import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.mariadb import Server

DATABASE = "portal"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Backup:
    """A folder with a dump, the files with their hashes, and the server's log from then on."""

    folder: Path

    @property
    def dump(self) -> Path:
        return self.folder / "dump.sql"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"


def back_up(server: Server, shared_files: Path, backup: Backup) -> None:
    """Takes one instant of the database, then the files: a row never lacks what it names."""
    with backup.dump.open("wb") as dump:
        subprocess.run(
            [
                *("mariadb-dump", "--no-defaults", f"--socket={server.socket}"),
                *("--single-transaction", "--master-data=2", "--routines", "--events"),
                *("--default-character-set=utf8mb4", DATABASE),
            ],
            stdout=dump,
            check=True,
        )
    hashes = {}
    for path in sorted(shared_files.rglob("*")):
        name = str(path.relative_to(shared_files))
        if not path.is_file():
            continue
        copy = backup.files / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        # The store writes under another name first: one that is gone by now is whole under its own.
        with suppress(FileNotFoundError):
            shutil.copyfile(path, copy)
            hashes[name] = sha256(copy)
    (backup.folder / MANIFEST).write_text(json.dumps(hashes))


def follow_the_log(server: Server, backup: Backup, log: Path) -> subprocess.Popen[bytes]:
    """Copies the server's binary log as it grows, as point-in-time recovery does; ends with the server."""
    backup.logs.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            [
                *("setpriv", "--pdeathsig", "TERM", "mariadb-binlog", "--no-defaults"),
                *(f"--socket={server.socket}", "--read-from-remote-server", "--raw"),
                *("--stop-never", f"--result-file={backup.logs}/", "log.000001"),
            ],
            stdout=output,
            stderr=output,
        )


def restore_database(server: Server, backup: Backup) -> None:
    """The dump, then what the log says happened after it."""
    server.create_database(DATABASE)
    _run_sql(server, backup.dump.read_bytes())
    name, position = _where_the_dump_ends(backup.dump)
    logs = [str(path) for path in sorted(backup.logs.iterdir()) if path.name >= name]
    if not logs:
        return
    changes = subprocess.run(
        [
            *("mariadb-binlog", "--no-defaults", "--disable-log-bin"),
            *(f"--database={DATABASE}", f"--start-position={position}", *logs),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # the log ends where the server was killed
        check=False,
    )
    _run_sql(server, changes.stdout)


def restore_files(backup: Backup, shared_files: Path) -> list[str]:
    """Copies them back; the names of those that are not what was backed up."""
    hashes: dict[str, str] = json.loads((backup.folder / MANIFEST).read_text())
    shutil.copytree(backup.files, shared_files, dirs_exist_ok=True)
    return [
        name
        for name, expected in hashes.items()
        if not (shared_files / name).exists() or sha256(shared_files / name) != expected
    ]


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _where_the_dump_ends(dump: Path) -> tuple[str, int]:
    with dump.open(errors="replace") as lines:
        for line in lines:
            if "MASTER_LOG_FILE=" in line:
                name, position = line.split("MASTER_LOG_FILE='")[1].split("', MASTER_LOG_POS=")
                return name, int(position.strip().rstrip(";"))
    raise ValueError("the dump does not say where it stands in the log")


def _run_sql(server: Server, statements: bytes) -> None:
    subprocess.run(
        [
            *("mariadb", "--no-defaults", f"--socket={server.socket}"),
            *("--default-character-set=utf8mb4", DATABASE),
        ],
        input=statements,
        check=True,
    )
