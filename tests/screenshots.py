"""`make screenshots`: the README's pictures, taken of the demonstration hospital in a real browser."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, ViewportSize
from tqdm import tqdm

from tests.chromium import running_chromium
from tests.development.demonstration.running import running

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
DESKTOP: ViewportSize = {"width": 1100, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 800}

Walk = Callable[[Page], None]


def sign_in(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/sign-in")
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=person).click()
    page.wait_for_url(f"{address}/**")


def find_a_time(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Book an appointment").click()
    page.locator(".mch-times__day").first.evaluate("day => day.scrollIntoView()")


def confirm_a_time(page: Page) -> None:
    find_a_time(page)
    page.locator("button.mch-time").first.click()
    page.get_by_role("heading", level=1).wait_for()


def documents(page: Page) -> None:
    page.get_by_role("link", name="Documents").first.click()
    page.get_by_role("heading", level=1).wait_for()


def search(page: Page) -> None:
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("khan")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("heading", level=1).wait_for()


def clinical_record(page: Page) -> None:
    page.get_by_role("heading", level=1).wait_for()
    page.goto(urljoin(page.url, "/patients"))
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("okafor amina")
    page.get_by_role("main").get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Okafor").first.click()
    page.get_by_role("button", name="Clinical record").click()
    page.get_by_role("heading", level=1).wait_for()


def trends(page: Page) -> None:
    clinical_record(page)
    page.goto(f"{page.url}/vitals/trends")
    page.get_by_role("heading", level=1).wait_for()


def weekly_sessions(page: Page) -> None:
    page.get_by_role("link", name="Schedules").first.click()
    page.get_by_role("heading", level=1).wait_for()


def stay(page: Page) -> None:
    """The page on which this person's day begins."""


PICTURES: tuple[tuple[str, str, ViewportSize, Walk], ...] = (
    ("patients-home", "Amina Okafor", DESKTOP, stay),
    ("find-a-time", "Amina Okafor", PHONE, find_a_time),
    ("confirm", "Amina Okafor", PHONE, confirm_a_time),
    ("documents", "Amina Okafor", PHONE, documents),
    ("day-list", "Priya Raman", DESKTOP, stay),
    ("day-list-phone", "Grace Mensah", PHONE, stay),
    ("record", "Priya Raman", DESKTOP, clinical_record),
    ("trends-phone", "Priya Raman", PHONE, trends),
    ("search", "Siân Davies", DESKTOP, search),
    ("schedules", "Wei-Ling Chen", DESKTOP, weekly_sessions),
)


@contextmanager
def visiting(browser: Browser, window: ViewportSize) -> Iterator[Page]:
    with browser.new_context(viewport=window, locale="en-GB") as context:
        yield context.new_page()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as portal:
        address = f"http://127.0.0.1:{portal.port}"
        with running_chromium() as browser:
            for name, person, window, walk in tqdm(PICTURES, desc="Taking pictures"):
                with visiting(browser, window) as page:
                    sign_in(page, address, person)
                    walk(page)
                    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
