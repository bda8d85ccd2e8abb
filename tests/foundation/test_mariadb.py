import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pymysql
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests import mariadb as mariadb_module
from tests.eventually import eventually
from tests.mariadb import COLLATION, MariaDBUnavailable, Server, running_mariadb

ROOT = Path(__file__).parents[2]


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def ends(pid: int) -> bool:
    return eventually(lambda: not is_running(pid))


def keepers(folder: Path) -> list[str]:
    """The processes that keep a server for the run whose files are in `folder`."""
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            commands.append((process / "cmdline").read_text(errors="replace").replace("\0", " "))
    return [command for command in commands if f"shared_mariadb {folder}" in command]


def python(code: str, *arguments: str, group: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        process_group=group,
    )


def test_text_keeps_every_character_and_tells_them_apart(mariadb_database: str) -> None:
    engine = create_engine(mariadb_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE note (body VARCHAR(20) UNIQUE)"))
        connection.execute(text("INSERT INTO note VALUES ('Zoë 🦷'), ('Zoë 🫀')"))
        found = connection.scalars(text("SELECT body FROM note WHERE body = 'ZOE 🫀'")).all()
        collation = connection.scalar(text("SELECT @@collation_database"))
    engine.dispose()
    assert found == ["Zoë 🫀"]
    assert collation == COLLATION


def test_an_account_may_do_only_what_is_granted(mariadb: Server, mariadb_database: str) -> None:
    name = mariadb_database.rpartition("/")[2].partition("?")[0]
    mariadb.execute(f"CREATE TABLE `{name}`.note (body TEXT)")
    password = mariadb.create_user("reader")
    engine = create_engine(mariadb.url(name, user="reader", password=password))
    with pytest.raises(OperationalError, match="1044"):
        engine.connect()
    mariadb.execute(f"GRANT SELECT ON `{name}`.* TO reader@`%`")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT * FROM note")).all() == []
        with pytest.raises(OperationalError, match="1142"):
            connection.execute(text("INSERT INTO note VALUES ('x')"))
    engine.dispose()
    mariadb.execute("DROP USER reader@`%`")


def test_signing_in_over_the_network_needs_the_password(mariadb: Server) -> None:
    for user in ("root", "owner"):
        with pytest.raises(pymysql.err.OperationalError, match="Access denied"):
            pymysql.connect(host="127.0.0.1", port=mariadb.port, user=user, password="")


def test_a_database_made_again_is_empty(mariadb: Server, mariadb_database: str) -> None:
    name = mariadb_database.rpartition("/")[2].partition("?")[0]
    mariadb.execute(f"CREATE TABLE `{name}`.note (body TEXT)")
    mariadb.create_database(name)
    assert mariadb.execute(f"SHOW TABLES FROM `{name}`") == []


@pytest.mark.parametrize(("durable", "flush"), [(True, 1), (False, 0)])
def test_a_server_leaves_nothing_behind(durable: bool, flush: int) -> None:
    with contextlib.suppress(KeyboardInterrupt), running_mariadb(durable=durable) as server:
        flushed = server.execute("SELECT @@innodb_flush_log_at_trx_commit, @@innodb_doublewrite")
        raise KeyboardInterrupt
    assert flushed == [(flush, flush)]
    assert not is_running(server.pid)
    assert not server.folder.exists()


def test_a_server_ends_with_a_process_that_is_killed() -> None:
    starter = python(
        "import time\n"
        "from tests.mariadb import running_mariadb\n"
        "with running_mariadb() as server:\n"
        "    print(server.pid, server.folder, flush=True)\n"
        "    time.sleep(600)\n"
    )
    with starter:
        assert starter.stdout is not None
        pid, folder = starter.stdout.readline().split()
        was_running = is_running(int(pid))
        starter.kill()
    assert was_running
    assert ends(int(pid))
    shutil.rmtree(folder)


def test_a_run_has_one_server_which_ends_with_it(tmp_path: Path) -> None:
    ask = (
        "import sys, pathlib\n"
        "from tests.shared_mariadb import server_of_run\n"
        "server = server_of_run(pathlib.Path(sys.argv[1]), int(sys.argv[2]))\n"
        "print(server.pid, server.folder)\n"
    )
    run = subprocess.Popen(["sleep", "600"], process_group=0)
    workers = [python(ask, str(tmp_path), str(run.pid), group=run.pid) for _ in range(2)]
    answers = {worker.communicate()[0] for worker in workers}
    pid, folder = answers.pop().split()
    was_running = is_running(int(pid))
    kept = keepers(tmp_path)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert answers == set()
    assert len(kept) == 1
    assert was_running
    assert ends(int(pid))
    assert eventually(lambda: not Path(folder).exists())


def test_a_missing_server_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mariadb_module.shutil, "which", lambda *_, **__: None)
    with (
        pytest.raises(MariaDBUnavailable, match=r"apt-get install .* mariadb-server"),
        running_mariadb(),
    ):
        raise AssertionError("it started")


def test_a_server_that_does_not_start_shows_its_log() -> None:
    with (
        pytest.raises(MariaDBUnavailable, match=r"unknown variable"),
        running_mariadb(options=("--no-such-setting=1",)),
    ):
        raise AssertionError("it started")


def test_the_workers_learn_which_run_they_belong_to() -> None:
    assert is_running(int(os.environ["MEDICARE_HUB_TEST_RUN_PID"]))
