"""One person's visit, told as a person would tell it: by the words on the page, never by its code.

Every page is examined by axe-core on arrival, before anything is done there.
"""

import re
import time
from pathlib import Path
from typing import Self

from playwright.sync_api import Frame, Locator, Page, expect

from portal.development.cognito.people import NamedPerson
from tests.accessibility import check_accessibility
from tests.chromium import Visitor
from tests.stories.stage import PATIENCE, Stage


class Visit:
    """A browser window in which somebody does one thing after another."""

    def __init__(self, visitor: Visitor, stage: Stage) -> None:
        self.stage = stage
        self.page: Page = visitor.open_page()
        self._examined = True  # an empty window
        self.page.on("framenavigated", self._on_arrival)

    def _on_arrival(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self._examined = False

    def examines(self) -> Self:
        """Checks the page for people who use it with a screen reader or a keyboard, once per arrival."""
        if not self._examined:
            self.page.wait_for_load_state()
            check_accessibility(self.page)
            self._examined = True
        return self

    def examines_again(self) -> Self:
        """When something has opened on the page."""
        self._examined = False
        return self.examines()

    def signs_in(self, person: NamedPerson) -> Self:
        self.opens("/sign-in").presses("Sign in")
        self.presses(f"Sign in as {person.name}")
        return self.sees("Sign out")

    def opens(self, path: str) -> Self:
        """Follow an address that was kept or typed."""
        self.page.goto(self.stage.url + path)
        return self

    def is_at(self, heading: str, title: str | None = None) -> Self:
        """The page says what it is, in its heading and in the browser's tab."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        name = self.stage.settings.hospital.name
        expect(self.page).to_have_title(f"{title or heading} - {name}")
        return self.examines()

    def is_told(self, problem: str) -> Self:
        """An error summary names the problem, and its link leads to the field."""
        summary = self.page.get_by_role("alert").filter(has_text="There is a problem")
        link = summary.get_by_role("link", name=problem)
        expect(link).to_be_visible()
        expect(self.page.locator(link.get_attribute("href") or "")).to_be_visible()
        assert self.page.title().startswith("Error: "), self.page.title()
        return self.examines()

    def sees(self, *words: str) -> Self:
        for one in words:
            expect(self.page.get_by_text(one).first).to_be_visible()
        return self.examines()

    def waits_for(self, words: str) -> Self:
        """Reload the page until a worker has done this."""
        deadline = time.monotonic() + PATIENCE
        while not self.page.get_by_text(words).count():
            assert time.monotonic() < deadline, f"{self.page.url} still does not say {words!r}"
            self.page.reload()
        return self.sees(words)

    def does_not_see(self, *words: str) -> Self:
        for one in words:
            expect(self.page.get_by_text(one)).to_have_count(0)
        return self

    def presses(self, name: str) -> Self:
        self.examines().page.get_by_role("button", name=_beginning(name)).click()
        return self

    def follows(self, name: str) -> Self:
        self.examines().page.get_by_role("link", name=_beginning(name)).click()
        return self

    def presses_beside(self, words: str, name: str) -> Self:
        """The button whose words begin so, in the row of a list or a table that contains these words."""
        self.examines().row(words).get_by_role("button", name=_beginning(name)).click()
        return self

    def follows_beside(self, words: str, name: str) -> Self:
        self.examines().row(words).get_by_role("link", name=_beginning(name)).click()
        return self

    def sees_beside(self, words: str, *further: str) -> Self:
        for one in further:
            expect(self.row(words)).to_contain_text(one)
        return self.examines()

    def types(self, label: str, text: str) -> Self:
        self.examines().page.get_by_label(label, exact=True).fill(text)
        return self

    def types_date(self, legend: str, day: int, month: int, year: int) -> Self:
        group = self.examines().page.get_by_role("group", name=legend)
        for part, value in (("Day", day), ("Month", month), ("Year", year)):
            group.get_by_label(part, exact=True).fill(str(value))
        return self

    def picks(self, label: str, option: str) -> Self:
        self.examines().page.get_by_label(label, exact=True).select_option(label=option)
        return self

    def ticks(self, label: str) -> Self:
        self.examines().page.get_by_label(label, exact=True).check()
        return self

    def takes_time(self, words: str) -> str:
        """Press the first free time that shows these words. Returns the time, such as `9:20am`."""
        button = self.examines().page.get_by_role("listitem").get_by_role("button")
        first = button.filter(has_text=words).first
        found = first.locator("b").inner_text()
        first.click()
        return found

    def downloads(self, name: str) -> bytes:
        with self.examines().page.expect_download() as started:
            self.page.get_by_role("link", name=name, exact=True).click()
        return Path(started.value.path()).read_bytes()

    def row(self, words: str) -> Locator:
        """The row of a list or a table that contains these words."""
        rows = self.page.get_by_role("row").or_(self.page.get_by_role("listitem"))
        return rows.filter(has_text=words).last


def _beginning(name: str) -> re.Pattern[str]:
    """A link that leads to more than its first words say, or a button that names its row."""
    return re.compile(rf"^{re.escape(name)}(?!\w)")
