"""The booted image serves, and keeps serving when its processes are killed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from tests.image.amazon import Amazon
from tests.image.machine import Machine, wait_until
from tests.image.network import INSTANCE
from tests.image.visitor import PORT, get
from tests.proxy.slow_peers import a_slow_form, slow_peers

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


@pytest.mark.parametrize("unit", ["portal-proxy.service", "portal.service"])
def test_it_comes_back_when_it_is_killed(portal: Machine, unit: str) -> None:
    killed = portal.main_pid(unit)
    with asked_all_the_time() as failures:
        portal.run("kill", "-KILL", str(killed))
        wait_until(lambda: portal.main_pid(unit) not in (0, killed))
        assert get("/health/live").status == 200
    # The sockets stay open, so new requests wait. Only requests in progress are cut off.
    assert not [fault for fault in failures if isinstance(fault, ConnectionRefusedError)]


@pytest.mark.parametrize("unit", ["portal-proxy.service", "portal.service"])
def test_it_comes_back_when_one_of_its_workers_is_killed(portal: Machine, unit: str) -> None:
    master, worker = portal.main_pid(unit), workers_of(portal, unit)[0]
    portal.run("kill", "-KILL", worker)
    wait_until(lambda: worker not in (now := workers_of(portal, unit)) and len(now) == 2)
    assert get("/health/live").status == 200
    assert portal.main_pid(unit) == master


def test_the_worker_comes_back_when_it_is_killed(portal: Machine) -> None:
    killed = portal.main_pid("portal-worker.service")
    portal.run("kill", "-KILL", str(killed))
    wait_until(lambda: portal.main_pid("portal-worker.service") not in (0, killed))


@pytest.mark.parametrize("unit", ["portal-proxy.service", "portal.service"])
def test_a_restart_fails_no_request(portal: Machine, unit: str) -> None:
    with asked_all_the_time() as failures:
        portal.run("systemctl", "restart", unit)
        assert get("/health/live").status == 200
    assert failures == []


def test_no_process_of_nginx_waits_for_a_connection_that_another_one_has(portal: Machine) -> None:
    said = portal.run("cat", f"/proc/{portal.main_pid('portal-proxy.service')}/fdinfo/3")
    flags = next(line.split()[1] for line in said.splitlines() if line.startswith("flags:"))
    assert int(flags, 8) & os.O_NONBLOCK


def test_slow_peers_hold_nobody_up(portal: Machine) -> None:
    with slow_peers(INSTANCE, PORT, 200, a_slow_form):
        assert [get("/health/live", seconds=3).status for _ in range(12)] == [200] * 12
        assert get("/static/build/medicare-hub.css").status == 200


def test_a_stop_ends_in_time_and_by_itself(portal: Machine) -> None:
    for unit in ("portal-proxy.service", "portal.service", "portal-worker.service"):
        portal.run("systemctl", "restart", unit)
        portal.run("systemctl", "stop", unit)
        assert portal.unit(unit, "Result")[0] == "success"
        portal.run("systemctl", "start", unit)


def test_a_file_system_that_hangs_delays_no_other_request(portal: Machine) -> None:
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
    # It appears inside the sandbox of a running portal.
    wait_until(lambda: FILES in mounts_seen_by(portal, "portal.service"))


def workers_of(portal: Machine, unit: str) -> list[str]:
    master = portal.main_pid(unit)
    return portal.run("cat", f"/proc/{master}/task/{master}/children").split()


def mounts_seen_by(portal: Machine, unit: str) -> str:
    return portal.run("cat", f"/proc/{portal.main_pid(unit)}/mountinfo")


@contextmanager
def asked_all_the_time() -> Iterator[list[Exception]]:
    """Sends requests while the block runs, and yields the list of failures."""
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
