"""Documents in a real Chromium: progress, a lost connection, the preview, every page for everybody."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, ViewportSize, expect
from sqlalchemy.orm import Session

from portal.vocabulary import Scan, Thumbnail
from tests.accessibility import check_accessibility
from tests.builders import a_document
from tests.chromium import DESKTOP, PHONE, Visitor
from tests.documents.conftest import Family
from tests.documents.sample_files import a_docx, a_long_text, a_pdf, a_png
from tests.documents.sending import cleared, documents
from tests.plugins.signin import LivePortal

PICTURES = os.environ.get("PICTURES")
"""A folder for screenshots of the pages, for people to look at."""

Visit = Callable[..., Page]
File = tuple[str, bytes]


@pytest.fixture
def visit(live_portal: LivePortal, new_visitor: Callable[..., Visitor]) -> Visit:
    """Opens a page in which this browser's person is signed in."""

    def open_page(client: FlaskClient, viewport: ViewportSize = DESKTOP, **options: bool) -> Page:
        visitor = new_visitor(
            viewport=viewport,
            base_url=live_portal.url,
            expected_statuses=frozenset({400, 502}),
            **options,
        )
        cookie = client.get_cookie("portal")
        assert cookie is not None
        visitor.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_portal.url}]
        )
        return visitor.open_page()

    return open_page


def choose(page: Page, folder: Path, *files: File, label: str = "Files") -> None:
    paths = []
    for name, content in files:
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    page.get_by_label(label, exact=True).set_input_files(paths)


def press_send(page: Page) -> None:
    page.get_by_role("button", name="Send", exact=True).click()


@pytest.fixture
def letter(family: Family, mother: FlaskClient, visit: Visit, tmp_path: Path) -> Page:
    """A page with one chosen file, ready to press Send."""
    page = visit(mother)
    page.goto(f"{family.address}/new")
    choose(page, tmp_path, ("letter.pdf", a_pdf()))
    page.get_by_label("Letter", exact=True).check()
    return page


def test_files_are_sent_one_by_one_and_then_their_form(
    family: Family, mother: FlaskClient, visit: Visit, tmp_path: Path, database: Session
) -> None:
    page = visit(mother)
    page.goto(f"{family.address}/new")
    choose(page, tmp_path, ("long.txt", a_long_text(5_000_000)), ("letter.pdf", a_pdf()))
    page.get_by_label("Letter", exact=True).check()
    press_send(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Documents")
    expect(page.get_by_text("2 documents have been added.")).to_be_visible()
    assert [row.attachment_title for row in documents(database)] == ["long.txt", "letter.pdf"]


def test_what_is_wrong_is_said_beside_the_file_and_the_rest_can_be_sent(
    family: Family, mother: FlaskClient, visit: Visit, tmp_path: Path, database: Session
) -> None:
    page = visit(mother)
    page.goto(f"{family.address}/new")
    bomb, huge = a_docx(filling=60 * 2**20), a_long_text(25_000_001)
    choose(page, tmp_path, ("bomb.docx", bomb), ("huge.txt", huge), ("ok.docx", a_docx()))
    page.get_by_label("Something else").check()
    press_send(page)

    lines = page.get_by_role("listitem")
    for words in (
        "bomb.docx was not accepted. This DOCX file would unpack to far too much",
        "huge.txt is larger than 25 MB",
        "ok.docx is received",
    ):
        expect(lines.filter(has_text=words)).to_be_visible()
    look(page, "while-sending")
    press_send(page)
    expect(page.get_by_text("The document has been added.")).to_be_visible()
    assert [row.attachment_title for row in documents(database)] == ["ok.docx"]


def test_a_lost_connection_is_tried_again(letter: Page, database: Session) -> None:
    lost: list[str] = []

    def lose_twice(route: Route) -> None:
        if len(lost) < 2:
            lost.append(route.request.url)
            route.fulfill(status=502)
        else:
            route.continue_()

    letter.route("**/new/files", lose_twice)
    press_send(letter)

    expect(letter.get_by_text("The document has been added.")).to_be_visible(timeout=20_000)
    assert len(lost) == 2
    assert len(documents(database)) == 1


def test_after_a_long_outage_the_file_is_sent_by_itself(letter: Page, database: Session) -> None:
    letter.clock.install()
    letter.route("**/new/files", lambda route: route.fulfill(status=502))
    press_send(letter)

    line = letter.get_by_role("listitem").filter(has_text="letter.pdf")
    for pause in (1, 2, 4, 8, 15, 15, 15, 15):
        words = f"is waiting. The portal can't be reached. Trying again in {pause} s."
        expect(line).to_contain_text(words)
        letter.clock.run_for(pause * 1000)
    letter.unroute("**/new/files")
    letter.clock.run_for(15_000)

    expect(letter.get_by_text("The document has been added.")).to_be_visible()
    assert len(documents(database)) == 1


def test_a_device_that_is_offline_sends_the_file_as_soon_as_it_is_online(
    letter: Page, database: Session
) -> None:
    letter.clock.install()
    letter.context.set_offline(True)
    press_send(letter)
    expect(
        letter.get_by_role("listitem").filter(has_text="This device is offline.")
    ).to_be_visible()

    letter.context.set_offline(False)

    expect(letter.get_by_text("The document has been added.")).to_be_visible()
    assert len(documents(database)) == 1


def test_without_a_script_one_form_does_the_same(
    family: Family, mother: FlaskClient, visit: Visit, tmp_path: Path, database: Session
) -> None:
    page = visit(mother, PHONE, javascript=False)
    page.goto(f"{family.address}/new")
    choose(page, tmp_path, ("a.pdf", a_pdf("a")), ("b.png", a_png()))
    press_send(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose what kind of document it is")
    check_accessibility(page)
    page.get_by_label("Leave out a.pdf").check()
    page.get_by_label("Photo").check()
    press_send(page)
    expect(page.get_by_text("The document has been added.")).to_be_visible()
    assert [row.attachment_title for row in documents(database)] == ["b.png"]


def test_a_preview_is_shown_by_the_browser_itself(
    family: Family, mother: FlaskClient, visit: Visit, tmp_path: Path, database: Session
) -> None:
    page = visit(mother)
    page.goto(f"{family.address}/new")
    choose(page, tmp_path, ("b.png", a_png()))
    page.get_by_label("Photo").check()
    press_send(page)
    expect(page.get_by_text("The document has been added.")).to_be_visible()
    [row] = documents(database)
    cleared(database, row)

    # A sandboxed page has no origin, so the browser's request for an icon is refused.
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(f"{family.address}/{row.ref}")
    page.get_by_role("link", name="View", exact=True).click()
    expect(page.locator("img")).to_have_js_property("naturalWidth", 640)


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(DESKTOP, True), (PHONE, True), (PHONE, False)]
)
def test_every_page_can_be_used_by_everybody(
    family: Family,
    mother: FlaskClient,
    administrator: FlaskClient,
    visit: Visit,
    database: Session,
    viewport: ViewportSize,
    javascript: bool,
) -> None:
    letter = one_in_each_state(database, family)
    page = visit(mother, viewport, javascript=javascript)
    name = f"{viewport['width']}-{javascript}"
    for address in ("", "/new", f"/{letter}", f"/{letter}/withdraw"):
        page.goto(family.address + address)
        look(page, f"{name}{address.replace('/', '-')}")
    page = visit(administrator, viewport, javascript=javascript)
    page.goto("/administration/files")
    look(page, f"{name}-review")


def one_in_each_state(database: Session, family: Family) -> str:
    """The reference of a document that can be opened."""
    now = datetime.now(UTC)
    long = "A letter with a title that goes on for longer than a phone is wide, and then some more"
    for facts in (
        {"scan": Scan.WAITING, "title": long, "attachment_title": f"{'x' * 80}.pdf"},
        {
            "scan": Scan.REJECTED,
            "scan_result": "A virus was found in it (Local.EICAR).",
            "added_by_id": family.mother.id,
        },
        {"damaged_at": now, "author": "St Elsewhere"},
    ):
        a_document(database, family.amina, created_at=now, thumbnail=Thumbnail.NONE, **facts)
    row = a_document(database, family.amina, created_at=now, title="From the eye clinic")
    database.commit()
    return row.ref


def look(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    check_accessibility(page)
