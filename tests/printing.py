"""Pages printed on A4 by Chromium, and read back: which words are on which sheet, and where."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import pypdfium2
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Route


@dataclass(frozen=True)
class Sheet:
    text: str
    width: float
    left: float
    right: float
    """Where the words on it begin and end, in points from its left edge."""


def printed(browser: Browser, client: FlaskClient, path: str) -> list[Sheet]:
    """The sheets of the page, printed by the person who is signed in to `client`."""

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        with client.get(f"{address.path}?{address.query}") as found:
            kind = found.headers["Content-Type"]
            route.fulfill(status=found.status_code, content_type=kind, body=found.data)

    page = browser.new_page()
    try:
        page.route("**/*", answer)
        page.goto(f"http://127.0.0.1{path}")
        document = pypdfium2.PdfDocument(page.pdf(format="A4"))
    finally:
        page.close()
    return [_sheet(document[number]) for number in range(len(document))]


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    text = page.get_textpage()
    boxes = [text.get_charbox(number) for number in range(text.count_chars())]
    return Sheet(
        text=" ".join(text.get_text_bounded().split()),
        width=page.get_width(),
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
    )
