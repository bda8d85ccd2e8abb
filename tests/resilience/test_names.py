"""The database's name while the name server is dead, and after the name has moved."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.database.names import Name
from tests.eventually import eventually
from tests.plugins.tls_mariadb import NAME
from tests.resilience.resolver import Resolver

HERE, ELSEWHERE = "127.0.0.1", "127.0.0.2"


@pytest.fixture
def name(resolver: Resolver) -> Name:
    """A name that was looked up, with its address kept."""
    name = Name(NAME)
    assert name.addresses() == (HERE,)
    name.takes_writes_at(HERE)
    return name


def test_the_kept_address_is_used_when_the_look_up_fails(name: Name, resolver: Resolver) -> None:
    resolver.fault = socket.EAI_AGAIN

    assert name.addresses() == (HERE,)


def test_the_kept_address_is_used_while_the_look_up_hangs(
    name: Name, resolver: Resolver, impatient: None
) -> None:
    with resolver.hanging():
        assert name.addresses() == (HERE,)


def test_many_wait_for_one_look_up(name: Name, resolver: Resolver, impatient: None) -> None:
    with resolver.hanging(), ThreadPoolExecutor(20) as threads:
        found = list(threads.map(lambda _: name.addresses(), range(60)))

    assert found == [(HERE,)] * 60
    assert resolver.questions == 2, "one for the fixture, one for all of these"


def test_without_a_kept_address_it_is_waited_for_and_then_an_error(
    resolver: Resolver, impatient: None
) -> None:
    with resolver.hanging(), pytest.raises(TimeoutError):
        Name(NAME).addresses()


def test_an_address_where_nobody_took_writes_is_not_kept(resolver: Resolver) -> None:
    name = Name(NAME)
    assert name.addresses() == (HERE,)
    resolver.fault = socket.EAI_AGAIN

    with pytest.raises(socket.gaierror):
        name.addresses()


def test_after_a_promotion_nothing_is_kept(name: Name, resolver: Resolver) -> None:
    name.forget()
    resolver.fault = socket.EAI_AGAIN

    with pytest.raises(socket.gaierror):
        name.addresses()


def test_a_name_that_has_moved_never_leads_back(name: Name, resolver: Resolver) -> None:
    resolver.address = ELSEWHERE
    assert name.addresses() == (ELSEWHERE,)
    name.takes_writes_at(HERE)  # a connection that was begun before
    resolver.fault = socket.EAI_AGAIN

    with pytest.raises(socket.gaierror):
        name.addresses()


def test_a_late_answer_is_learned_from(name: Name, resolver: Resolver, impatient: None) -> None:
    with resolver.hanging():
        assert name.addresses() == (HERE,)
        resolver.address = ELSEWHERE
    assert eventually(lambda: name.addresses() == (ELSEWHERE,))


def test_a_name_that_is_no_more_leads_nowhere(name: Name, resolver: Resolver) -> None:
    """As while a restored database takes the name of the one before it, which still runs."""
    resolver.fault = socket.EAI_NONAME

    with pytest.raises(socket.gaierror):
        name.addresses()
