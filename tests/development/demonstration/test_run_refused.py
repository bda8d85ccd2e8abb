"""What `make run` says when it can't start."""

import os
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.development.demonstration.running import PROJECT, command, free_port, refusal


@pytest.mark.parametrize("variable", ["PORT", "SIGN_IN_PORT"])
def test_make_run_reports_a_taken_port_before_it_installs_anything(
    tmp_path: Path, variable: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        free = "SIGN_IN_PORT" if variable == "PORT" else "PORT"
        ended = subprocess.run(
            [
                "make",
                "run",
                f"{variable}={taken}",
                f"{free}={free_port()}",
                f"VENV={tmp_path}/venv",
            ],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert ended.returncode != 0
    assert f"Port {taken} can't be used (Address already in use)" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("variable", ["PORT", "SIGN_IN_PORT"])
def test_a_taken_port_is_reported_with_what_to_do(tmp_path: Path, variable: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken, free = other.getsockname()[1], free_port()
        ports = (taken, free) if variable == "PORT" else (free, taken)
        told = refusal(tmp_path / ".run", *ports)

    assert f"Port {taken} can't be used (Address already in use)" in told
    assert f"make run {variable}=" in told


def test_data_of_another_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "portal.sqlite") as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('from the future')")
    connection.close()

    told = refusal(tmp_path, free_port(), free_port())

    assert f"The data in {tmp_path} can't be brought to this version" in told
    assert f"To begin afresh: rm -r {tmp_path}" in told


@pytest.mark.parametrize("port", ["80", "http", "70000"])
def test_a_wrong_port_number_is_refused(tmp_path: Path, port: str) -> None:
    ended = subprocess.run(
        [*command(tmp_path, 8000, 8001)[:3], "--folder", str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "PORT": port},
        timeout=60,
    )

    assert ended.returncode == 2
    assert f"{port!r} is not a port from 1024 to 65535" in ended.stderr
