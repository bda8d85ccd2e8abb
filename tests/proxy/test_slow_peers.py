"""However slowly others send or read, the portal answers everybody else."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.eventually import eventually
from tests.processes import memory
from tests.proxied_portal import Proxied
from tests.proxy.conftest import asked
from tests.proxy.slow_peers import (
    Said,
    a_slow_chunked_form,
    a_slow_form,
    a_slow_upload,
    address_of,
    asking_for,
    half_sent_headers,
    slow_peers,
    waiting,
)

LOOPBACK = "127.0.0.1"
CROWD = 200
STYLES = "/static/build/medicare-hub.css"
MEGABYTE = 1_000_000
MOST_MEMORY = 150 * MEGABYTE
"""Of nginx and gunicorn, beyond what they had before."""


@pytest.mark.parametrize(
    "said", [half_sent_headers, a_slow_form, a_slow_chunked_form], ids=lambda said: said.__name__
)
def test_those_who_send_slowly_hold_nobody_up(
    instance: Proxied, lives: Callable[[], list[int]], said: Said
) -> None:
    with slow_peers(LOOPBACK, instance.port, CROWD, said) as peers:
        assert waiting(peers) == CROWD
        assert lives() == [200] * 24


def test_slow_uploads_hold_nobody_up(instance: Proxied, lives: Callable[[], list[int]]) -> None:
    """Some of them are let in, the others are told to come again."""
    with slow_peers(LOOPBACK, instance.port, CROWD, a_slow_upload) as peers:
        assert eventually(lambda: waiting(peers) == 40)
        assert lives() == [200] * 24


def test_those_who_read_slowly_hold_nobody_up(
    instance: Proxied, lives: Callable[[], list[int]]
) -> None:
    with slow_peers(LOOPBACK, instance.port, CROWD, asking_for(STYLES)):
        assert lives() == [200] * 24


def test_those_who_send_nothing_hold_nobody_up(
    instance: Proxied, lives: Callable[[], list[int]]
) -> None:
    with slow_peers(LOOPBACK, instance.port, 1000, lambda _: b""):
        assert lives() == [200] * 24


def test_what_slow_peers_sent_is_on_the_disk_and_goes_with_them(instance: Proxied) -> None:
    before = memory(instance.pid, instance.portal.pid)
    body = b"x" * (900_000 - 100)
    with slow_peers(LOOPBACK, instance.port, CROWD, lambda number: a_slow_form(number) + body):
        assert eventually(lambda: len(instance.temporary_files()) == CROWD)
        assert all("(deleted)" in file for file in instance.temporary_files())
        assert memory(instance.pid, instance.portal.pid) - before < MOST_MEMORY
    assert eventually(lambda: not instance.temporary_files())


def test_one_address_does_not_take_all_places(instance: Proxied) -> None:
    """The address is the one that the load balancer adds, not one that a browser claims before it."""

    def of_one(number: int) -> bytes:
        claimed = f"X-Forwarded-For: {address_of(number)}, 203.0.113.9"
        return a_slow_form(number).replace(
            f"X-Forwarded-For: {address_of(number)}".encode(), claimed.encode()
        )

    form: dict[str, Any] = {"method": "POST", "body": "x=1"}
    with slow_peers(LOOPBACK, instance.port, CROWD, of_one) as peers:
        assert eventually(lambda: waiting(peers) == 100)
        known = {"X-Forwarded-For": "203.0.113.9"}
        other = {"X-Forwarded-For": "203.0.113.9, 203.0.113.10"}
        assert asked(instance, "/sign-out", headers=known, **form).status == 429
        assert asked(instance, "/sign-out", headers=other, **form).status != 429
        assert asked(instance, "/sign-in", headers=known).status == 200


def test_a_slow_peer_is_told_when_its_places_are_taken(instance: Proxied) -> None:
    with slow_peers(LOOPBACK, instance.port, 41, a_slow_upload) as peers:
        assert eventually(lambda: waiting(peers) == 40)
        [refused] = [peer for peer in peers if not peer.waits]
        assert b" 429 " in refused.answer
        assert b"Retry-After: 5" in refused.answer
