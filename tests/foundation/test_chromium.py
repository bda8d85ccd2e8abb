from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from tests.accessibility import check_accessibility
from tests.chromium import PHONE, ChromiumUnavailable, Visitor, running_chromium

POLICY = "default-src 'none'; img-src 'self'; script-src 'nonce-abc'"


@contextmanager
def site(body: str, *, status: int = 200) -> Iterator[str]:
    """Serve one page at / under a strict policy; everything else is missing."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here = self.path == "/"
            self.send_response(status if here else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            if here:
                head = (
                    "<!doctype html><html lang=en><meta name=viewport content=width=device-width>"
                )
                self.wfile.write(
                    f"{head}<title>Clinic</title><main><h1>Clinic</h1>{body}</main>".encode()
                )

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def visitor(browser: Browser, *, javascript: bool = True) -> Iterator[Visitor]:
    someone = Visitor(browser, viewport=PHONE, javascript=javascript)
    yield someone
    someone.close()


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("status", [200, 422])
def test_a_sound_page_passes(
    new_visitor: Callable[..., Visitor], javascript: bool, status: int
) -> None:
    with site("<p>All well</p><noscript>Send</noscript>", status=status) as address:
        page = new_visitor(javascript=javascript, viewport=PHONE).open_page()
        page.goto(address)
        check_accessibility(page)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<p style='color: red'>x</p>", "Content Security Policy"),
        ("<img alt='' src='/missing.png'>", "404 from"),
        ("<img alt='' src='http://example.org/x.png'>", "Content Security Policy"),
        ("<meta http-equiv=refresh content='0;url=http://example.org/'>", "leaves this machine"),
    ],
)
def test_a_problem_of_a_page_is_noticed(
    browser: Browser, body: str, problem: str, javascript: bool
) -> None:
    with site(body) as address, visitor(browser, javascript=javascript) as someone:
        page = someone.open_page()
        page.goto(address)
        page.wait_for_timeout(200)
    assert any(problem in found for found in someone.problems), someone.problems


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        ("<script>1</script>", "Content Security Policy"),
        ("<script nonce=abc>console.error('lost')</script>", "lost"),
        ("<script nonce=abc>throw new Error('broken')</script>", "broken"),
    ],
)
def test_a_problem_of_a_script_is_noticed(browser: Browser, script: str, problem: str) -> None:
    with site(script) as address, visitor(browser) as someone:
        someone.open_page().goto(address)
    assert any(problem in found for found in someone.problems), someone.problems


def test_an_answer_of_503_is_a_problem_unless_expected(browser: Browser) -> None:
    with site("", status=503) as address:
        with visitor(browser) as someone:
            someone.open_page().goto(address)
        assert someone.problems == [f"503 from {address}"]
        with visitor(browser) as prepared:
            prepared.expected_statuses = frozenset({503})
            prepared.open_page().goto(address)
        assert prepared.problems == []


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "alternative text"),
        ("<input>", "labels"),
        ("<p>" + "W" * 200, "wider than its window"),
    ],
)
def test_what_is_not_accessible_is_named(
    browser: Browser, body: str, problem: str, javascript: bool
) -> None:
    with site(body) as address, visitor(browser, javascript=javascript) as someone:
        page = someone.open_page()
        page.goto(address)
        with pytest.raises(AssertionError, match=problem):
            check_accessibility(page)


def test_what_only_readers_without_javascript_get_is_examined(browser: Browser) -> None:
    body = "<noscript><button></button></noscript>"
    with site(body) as address, visitor(browser, javascript=False) as someone:
        page = someone.open_page()
        page.goto(address)
        with pytest.raises(AssertionError, match="discernible text"):
            check_accessibility(page)


def test_a_missing_browser_says_what_to_install() -> None:
    nowhere = running_chromium(Path("/nowhere/chromium"))
    with pytest.raises(ChromiumUnavailable, match=r"apt-get install .* chromium"), nowhere:
        raise AssertionError("it started")
