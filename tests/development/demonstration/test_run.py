"""A real `make run`: it answers, keeps its data, explains refusals, and leaves nothing behind."""

import os
import signal
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from portal.development.cognito.people import NAMED_PEOPLE, NamedPerson
from tests.development.demonstration.running import (
    PROJECT,
    Running,
    free_port,
    is_alive,
    refusal,
    running,
)

LISTENING = "0A"


LOOPBACK = "0100007F"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled by the first start, and used again by the later ones."""
    return tmp_path_factory.mktemp("run") / ".run"


@pytest.fixture(scope="module")
def first(folder: Path) -> Iterator[Running]:
    with running(folder) as demonstration:
        yield demonstration


def patients(folder: Path) -> int:
    with sqlite3.connect(folder / "portal.sqlite") as connection:
        return int(connection.execute("SELECT count(*) FROM patient").fetchone()[0])


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def test_it_fills_a_hospital_and_says_who_can_sign_in(first: Running) -> None:
    assert "Filling the demonstration hospital" in first.said
    assert f"MediCare Hub is open:  http://127.0.0.1:{first.port}" in first.said
    for person in NAMED_PEOPLE:
        assert person.name in first.said
    assert "one-time code is" in first.said
    assert patients(first.folder) > 300


def test_its_documents_are_there_and_the_worker_pictures_them(first: Running) -> None:
    def pictured() -> bool:
        with sqlite3.connect(first.folder / "portal.sqlite") as connection:
            rows = connection.execute("SELECT scan, thumbnail FROM document_reference").fetchall()
        return bool(rows) and set(rows) == {("clean", "made")}

    assert wait_until(pictured)
    assert "Virus scanner:" in first.said


def test_the_portal_and_the_sign_in_answer(first: Running) -> None:
    with requests.Session() as session:
        session.trust_env = False
        page = session.get(f"http://127.0.0.1:{first.port}/", timeout=10)
        hosted = session.get(
            f"http://127.0.0.1:{first.sign_in_port}/local_MediCareHub"
            "/.well-known/openid-configuration",
            timeout=10,
        )

    assert page.status_code == 200
    assert page.url.startswith(f"http://127.0.0.1:{first.port}/sign-in")
    assert hosted.json()["issuer"].startswith(f"http://127.0.0.1:{first.sign_in_port}/")


@pytest.mark.parametrize("person", NAMED_PEOPLE, ids=lambda person: person.given_name)
def test_everybody_signs_in(first: Running, person: NamedPerson) -> None:
    portal = f"http://127.0.0.1:{first.port}"
    with requests.Session() as session:
        session.trust_env = False
        chooser = session.get(f"{portal}/sign-in/start", timeout=20)
        assert "Choose who you are" in chooser.text
        # The form has no action, so it is sent to the page's own address.
        landed = session.post(chooser.url, data={"username": person.sub}, timeout=20)

    assert landed.status_code == 200
    assert landed.url.startswith(portal)
    assert "/sign-in" not in landed.url
    assert person.name in landed.text


def test_it_listens_on_loopback_only(first: Running) -> None:
    sockets = [
        line.split()[1].split(":")
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == LISTENING
    ]
    ours = {
        address for address, port in sockets if int(port, 16) in (first.port, first.sign_in_port)
    }

    assert ours == {LOOPBACK}


def test_only_the_owner_can_read_its_secrets(first: Running) -> None:
    for name in ("secret-key", "environment", "sign-in.json"):
        assert stat.S_IMODE((first.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(first.folder.stat().st_mode) == 0o700


def test_flask_commands_reach_the_same_hospital(first: Running) -> None:
    from_said = next(line for line in first.said.splitlines() if "--env-file" in line)
    words = from_said.partition(":")[2].split()
    bundle = PROJECT / "tests" / "fhir" / "bundles" / "record.json"
    before = patients(first.folder)

    ended = subprocess.run(
        [*words[:-1], str(bundle)], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )

    assert ended.returncode == 0, ended.stderr
    assert patients(first.folder) == before + 1


def test_a_second_one_from_the_same_folder_is_refused(first: Running) -> None:
    told = refusal(first.folder, free_port(), free_port())

    assert f"Another demonstration runs from {first.folder} already" in told


def test_a_request_leaves_no_query_in_the_log(first: Running) -> None:
    requests.get(f"http://127.0.0.1:{first.port}/health/live?q=Okafor", timeout=10)
    log = first.folder / "portal.log"

    assert wait_until(lambda: "request Route=/health/live" in log.read_text())
    assert "Okafor" not in log.read_text()


def test_ctrl_c_leaves_no_process_and_a_second_start_keeps_the_data(
    first: Running, folder: Path
) -> None:
    before, children = patients(folder), first.children
    assert len(children) >= 4

    status, said = first.stop(signal.SIGINT)

    assert (status, "Stopped. The data is kept" in said) == (0, True)
    assert wait_until(lambda: not any(map(is_alive, children)))
    with running(folder, first.port, first.sign_in_port) as second:
        assert "Filling" not in second.said
        assert patients(folder) == before
        assert second.stop(signal.SIGTERM)[0] == 0


def test_a_child_that_ends_is_reported_and_the_others_are_ended(folder: Path) -> None:
    with running(folder) as demonstration:
        children = demonstration.children
        worker = next(pid for pid in children if "portal.worker" in _command_of(pid))
        os.kill(worker, signal.SIGKILL)
        said, _ = demonstration.process.communicate(timeout=30)

        assert demonstration.process.returncode == 1
        assert "The worker has ended (exit code -9). Its last words:" in said
        assert [pid for pid in children if is_alive(pid)] == []


def test_on_a_new_day_the_past_is_completed_and_nothing_outlives_a_killed_parent(
    folder: Path,
) -> None:
    (folder / "last-day").write_text("2001-01-01")

    with running(folder) as demonstration:
        assert "A new day: completing the past" in demonstration.said

        children = demonstration.children
        demonstration.process.kill()
        demonstration.process.communicate(timeout=30)
        assert wait_until(lambda: not any(is_alive(pid) for pid in children))


def _command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
