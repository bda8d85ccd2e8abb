"""A real Chromium whose pages are watched: a problem that a reader would not see fails the test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

expect.set_options(timeout=20_000)  # milliseconds: other tests may be running beside this one

EXECUTABLE = Path("/usr/bin/chromium")
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 320, "height": 700}
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # No name but those of loopback can be looked up.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class ChromiumUnavailable(RuntimeError):
    """The browser cannot be started here; the message says what to do."""


@contextmanager
def running_chromium(executable: Path = EXECUTABLE, **environment: str) -> Iterator[Browser]:
    """Start Debian's Chromium with an empty profile, as somebody in Britain uses it.

    `environment` adds variables. Raises ChromiumUnavailable when the package is missing.
    """
    if not executable.exists():
        raise ChromiumUnavailable(
            f"{executable} is missing. Run: sudo apt-get install --no-install-recommends chromium"
        )
    with sync_playwright() as playwright:
        browser = _launch(playwright, executable, environment)
        try:
            yield browser
        finally:
            browser.close()


def _launch(playwright: Playwright, executable: Path, environment: dict[str, str]) -> Browser:
    return playwright.chromium.launch(
        executable_path=executable,
        args=ARGUMENTS,
        env={**os.environ, "LANGUAGE": "en_GB", **environment},
    )


JUDGED_ELSEWHERE = (
    # A failed answer: by `Visitor._on_response`.
    "the server responded with a status of",
    # Only a test that takes the network away sees this.
    "net::ERR_INTERNET_DISCONNECTED",
)


class Visitor:
    """One person's browser: its own cookies, one window size, JavaScript on or off.

    `problems` collects what must not happen: console errors (a broken content security policy is
    one), uncaught exceptions, requests that leave 127.0.0.1, answers of 500 and more, and
    resources that are missing. A page itself may answer 4xx. `expected_statuses` names further
    answers that the test provokes. Service workers are off by default, because a request that goes
    through one can't be changed by the test (`Page.route`).
    """

    def __init__(
        self,
        browser: Browser,
        *,
        viewport: ViewportSize = DESKTOP,
        javascript: bool = True,
        base_url: str | None = None,
        expected_statuses: frozenset[int] = frozenset(),
        service_workers: bool = False,
    ) -> None:
        self.problems: list[str] = []
        self.expected_statuses = expected_statuses
        self.context: BrowserContext = browser.new_context(
            viewport=viewport,
            java_script_enabled=javascript,
            base_url=base_url,
            locale="en-GB",
            service_workers="allow" if service_workers else "block",
        )
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self.problems.append(f"exception: {error.error}"))
        self.context.on("request", self._on_request)
        self.context.on("response", self._on_response)

    def open_page(self) -> Page:
        return self.context.new_page()

    def close(self) -> None:
        self.context.close()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in JUDGED_ELSEWHERE):
            self.problems.append(f"console at {message.location['url']}: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"} and address.hostname != "127.0.0.1":
            self.problems.append(f"request leaves this machine: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status < 400 or response.status in self.expected_statuses:
            return
        if response.status >= 500 or not response.request.is_navigation_request():
            self.problems.append(f"{response.status} from {response.url}")
