"""The booted image serves, and goes on serving whatever is killed in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from tests.image.amazon import Amazon
from tests.image.machine import Machine, wait_until
from tests.image.visitor import get

pytestmark = pytest.mark.usefixtures("beside_the_instance")

FILES = " /srv/portal/files "


def test_the_load_balancer_finds_it_alive(portal: Machine) -> None:
    assert get("/health/live").text.strip() == '{"status":"live"}'


def test_it_reaches_its_database_over_tls_with_its_own_account(portal: Machine) -> None:
    assert get("/health/ready").status == 200


def test_what_is_served_comes_from_the_release(portal: Machine) -> None:
    assert get("/static/build/medicare-hub.css").status == 200


def test_the_worker_works(portal: Machine, amazon: Amazon) -> None:
    wait_until(lambda: "at work:" in portal.said("portal-worker"))
    count = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'portal'"
    wait_until(lambda: amazon.database.execute(count)[0][0] > 0)
    restarts, state = portal.unit("portal-worker.service", "NRestarts", "SubState")
    assert (restarts, state) == ("0", "running")


def test_it_comes_back_when_gunicorn_is_killed(portal: Machine) -> None:
    killed = portal.main_pid("portal.service")
    with asked_all_the_time() as failures:
        portal.run("kill", "-KILL", str(killed))
        wait_until(lambda: portal.main_pid("portal.service") not in (0, killed))
        assert get("/health/live").status == 200
    # The socket outlives gunicorn: who comes in between waits. Only what was at work is cut off.
    assert not [fault for fault in failures if isinstance(fault, ConnectionRefusedError)]


def test_it_comes_back_when_one_of_its_workers_is_killed(portal: Machine) -> None:
    arbiter = portal.main_pid("portal.service")
    worker = gunicorn_workers(portal)[0]
    portal.run("kill", "-KILL", worker)
    wait_until(lambda: worker not in (now := gunicorn_workers(portal)) and len(now) == 2)
    assert get("/health/live").status == 200
    assert portal.main_pid("portal.service") == arbiter


def test_the_worker_comes_back_when_it_is_killed(portal: Machine) -> None:
    killed = portal.main_pid("portal-worker.service")
    portal.run("kill", "-KILL", str(killed))
    wait_until(lambda: portal.main_pid("portal-worker.service") not in (0, killed))


def test_a_restart_fails_nobody(portal: Machine) -> None:
    with asked_all_the_time() as failures:
        portal.run("systemctl", "restart", "portal.service")
        assert get("/health/live").status == 200
    assert failures == []


def test_a_stop_ends_in_time_and_by_itself(portal: Machine) -> None:
    for unit in ("portal.service", "portal-worker.service"):
        portal.run("systemctl", "restart", unit)
        portal.run("systemctl", "stop", unit)
        assert portal.unit(unit, "Result")[0] == "success"
        portal.run("systemctl", "start", unit)


def test_a_file_system_that_hangs_holds_nobody_up(portal: Machine) -> None:
    hangs = portal.root / "etc/stand-in-efs-hangs"
    hangs.touch()
    try:
        portal.run("systemctl", "--no-block", "restart", "portal-files.service")
        wait_until(lambda: portal.state("portal-files.service") == "activating")
        portal.run("systemctl", "restart", "portal.service", "portal-worker.service")
        assert get("/health/live").status == 200
        assert portal.state("portal-files.service") == "activating"
        assert FILES not in mounts_seen_by(portal, "portal.service")
    finally:
        hangs.unlink()
    # It appears inside the walls of a portal that already runs.
    wait_until(lambda: FILES in mounts_seen_by(portal, "portal.service"))


def gunicorn_workers(portal: Machine) -> list[str]:
    arbiter = portal.main_pid("portal.service")
    return portal.run("cat", f"/proc/{arbiter}/task/{arbiter}/children").split()


def mounts_seen_by(portal: Machine, unit: str) -> str:
    return portal.run("cat", f"/proc/{portal.main_pid(unit)}/mountinfo")


@contextmanager
def asked_all_the_time() -> Iterator[list[Exception]]:
    """Asks again and again while the block runs; gives what went wrong."""
    failures: list[Exception] = []
    stop = Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert get("/health/live").status == 200
            except (OSError, AssertionError) as fault:
                failures.append(fault)

    askers = [Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    try:
        yield failures
    finally:
        stop.set()
        for asker in askers:
            asker.join()
