"""After signing in, no link can send people to another site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.signin.provider.return_path import local_path
from tests.signin.portal_flow import Visit

ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "\t//elsewhere.example",
    " //elsewhere.example",
    "/\x00/elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "elsewhere.example",
    "http:elsewhere.example",
    "/sign-in",
    "/sign-in/start",
    "/signed-out",
    "/session-ended?next=/",
    "/" + "x" * 300,
    "",
]


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_addresses_of_other_sites_are_not_followed(wanted: str) -> None:
    assert local_path(wanted) is None


@pytest.mark.parametrize(
    "wanted", ["/", "/sign-ins", "/patients/0a1b?tab=2#x", "/a//b", "/%2f%2fx", "/a:b", "/søk?q=é"]
)
def test_addresses_of_the_portal_are_followed(wanted: str) -> None:
    assert local_path(wanted) == wanted


@given(st.text(alphabet="/\\:.ht?#@%a \t\r\n\x00", max_size=12))
def test_any_address_that_is_followed_stays_in_the_portal(wanted: str) -> None:
    """As a browser reads it: tabs and line breaks vanish, a backslash is a slash."""
    found = local_path(wanted)

    if found is not None:
        as_read = found.translate({9: None, 10: None, 13: None}).replace("\\", "/")
        assert as_read.startswith("/")
        assert not as_read.startswith("//")


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_an_address_is_followed_through_a_whole_sign_in(visit: Visit, wanted: str) -> None:
    way_back = visit.at_provider(
        visit.browser.get("/sign-in/start", query_string={"next": wanted}).location
    )

    assert visit.browser.get(way_back).location == "/"
