"""Where a request comes from, in one form for each address."""

import pytest
from flask import Flask

from portal.signin.provider.views import _network
from portal.web import current


@pytest.mark.parametrize(
    ("told", "address", "network"),
    [
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:208", "192.0.2.8", "192.0.2.8"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", "", ""),
        ("unix:", "unix:", "unix:"),
    ],
)
def test_an_ipv4_address_is_the_same_when_it_comes_over_ipv6(
    app: Flask, told: str, address: str, network: str
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": told}):
        assert current.address() == address
        assert _network(current.address()) == network
