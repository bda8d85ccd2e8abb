"""One MariaDB server for a whole test run, started by the first test that asks for it.

The server belongs to a separate process, which stops it as soon as the test run's own process
is gone, however that ended.
"""

import fcntl
import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

from tests.mariadb import MariaDBUnavailable, Server, running_mariadb

ADDRESS = "server.json"


def server_of_run(folder: Path, run_pid: int) -> Server:
    """The server of the run whose files are in `folder`, which ends with process `run_pid`.

    Raises MariaDBUnavailable when it cannot be started.
    """
    address = folder / ADDRESS
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            _start_keeper(folder, run_pid)
        return Server.from_json(json.loads(address.read_text()))


def _start_keeper(folder: Path, run_pid: int) -> None:
    log_file = folder / "keeper.log"
    with log_file.open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.shared_mariadb", str(folder), str(run_pid)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that Ctrl-C leaves it alive to clean up
        )
    while not (folder / ADDRESS).exists():
        if keeper.poll() is not None:
            raise MariaDBUnavailable(log_file.read_text())
        time.sleep(0.02)
    # Nobody waits for the keeper process from here on: it ends after this process.
    keeper.returncode = 0


def keep_server(folder: Path, run_pid: int) -> None:
    """Run a server until process `run_pid` has ended."""
    run = os.pidfd_open(run_pid)
    with running_mariadb() as server:
        draft = folder / "server.json.new"
        draft.write_text(json.dumps(server.as_json()))
        draft.rename(folder / ADDRESS)
        select.select([run], [], [])


if __name__ == "__main__":
    try:
        keep_server(Path(sys.argv[1]), int(sys.argv[2]))
    except MariaDBUnavailable as reason:
        sys.exit(str(reason))
