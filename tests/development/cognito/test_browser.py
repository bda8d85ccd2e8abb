"""The hosted pages in a real browser: on a desktop and a phone, with JavaScript and without."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import ViewportSize

from portal.development.cognito.people import LEILA_HADDAD
from tests.accessibility import check_accessibility
from tests.chromium import DESKTOP, PHONE, Visitor
from tests.development.cognito.provider import PlainClient, running_provider


class Portal(BaseHTTPRequestHandler):
    """Only shows that somebody came back. The rest of a portal is not needed here."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Back</title><link rel=icon href='data:,'>")

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def portal() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_somebody_chooses_a_person_and_is_back_at_the_portal(
    new_visitor: Callable[..., Visitor], viewport: ViewportSize, javascript: bool
) -> None:
    with portal() as address, running_provider(callback_urls=(f"{address}/back",)) as settings:
        caller = PlainClient(settings)
        question = urlencode(caller.question(redirect_uri=f"{address}/back"))
        page = new_visitor(viewport=viewport, javascript=javascript).open_page()
        page.goto(f"{settings.domain}/oauth2/authorize?{question}")
        check_accessibility(page)
        page.get_by_role("button", name="Sign in as Leila Haddad").click()
        page.wait_for_url(f"{address}/back?*")
        [code] = parse_qs(urlsplit(page.url).query)["code"]
        tokens = caller.exchange(code, redirect_uri=f"{address}/back").json()
        assert caller.claims_of(tokens["id_token"])["sub"] == LEILA_HADDAD.sub


def test_the_pages_that_refuse_are_accessible_too(new_visitor: Callable[..., Visitor]) -> None:
    with running_provider() as settings:
        caller = PlainClient(settings)
        page = new_visitor(viewport=PHONE).open_page()
        page.goto(f"{settings.domain}/logout?client_id=somebody-else")
        check_accessibility(page)
        login = f"{settings.domain}/login?{urlencode(caller.question())}"
        page.goto(login)
        page.evaluate("document.querySelector('button[name=username]').value = 'nobody'")
        page.get_by_role("button", name="Sign in as Amina Okafor").click()
        page.get_by_role("link", name="There is no such person").click()
        check_accessibility(page)
