"""Long names do not widen a page, and ordinary words are not split: on a phone, a tablet, a desktop."""

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Route
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.models import (
    Account,
    Appointment,
    DocumentReference,
    Encounter,
    Location,
    Patient,
    Practitioner,
)
from tests.laws.access_matrix import World
from tests.laws.crowd import crowd
from tests.laws.test_pages import Page, open_all, world  # noqa: F401 (fixtures)

ROOT = Path(__file__).parents[2]
SITE = "http://127.0.0.1:9"
WIDTHS = (320, 768, 1280)
LONG = ("Wolfeschlegelsteinhausenbergerdorff" * 3)[:70]
COLUMNS: dict[Any, tuple[str, ...]] = {
    Patient: ("given", "family", "address", "emergency_name"),
    Practitioner: ("given", "family", "specialty"),
    Location: ("name", "address"),
    Account: ("name",),
    Appointment: ("reason",),
    Encounter: ("type_text", "reason_text"),
    DocumentReference: ("title", "author"),
}

MEASURE = """() => {
  const broken = new Set();
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (!node.parentElement.checkVisibility() || node.parentElement.closest("script, style")) continue;
    for (const word of node.data.matchAll(/(?<=^|\\s)\\p{L}{2,24}(?=[.,:;?]?(\\s|$))/gu)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter(it => it.width > 1).map(it => Math.round(it.top));
      if (lines.some(top => Math.abs(top - lines[0]) > 2)) broken.add(word[0]);
    }
  }
  const root = document.documentElement;
  const past = [...document.querySelectorAll("main *, header *, footer *")]
    .filter(it => it.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 3).map(it => `${it.tagName}.${it.className}`);
  return {wider: root.scrollWidth - root.clientWidth, past, broken: [...broken]};
}"""


def lengthen(session: Session) -> None:
    """Gives everybody and everything a name of 72 letters."""
    for table, names in COLUMNS.items():
        for row in session.scalars(select(table)):
            for name in names:
                # Two more letters, because a clinic's name must be unique.
                setattr(row, name, LONG + chr(97 + row.id // 26) + chr(97 + row.id % 26))
    session.commit()


def faults(browser: Browser, pages: list[tuple[str, str]], width: int) -> list[str]:
    texts = {f"{SITE}/page/{number}": page for number, page in enumerate(pages)}

    def serve(route: Route) -> None:
        if page := texts.get(route.request.url):
            route.fulfill(body=page[1], content_type="text/html; charset=utf-8")
            return
        file = ROOT / route.request.url.removeprefix(f"{SITE}/").partition("?")[0]
        kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
        if file.is_file():
            route.fulfill(path=file, content_type=kind)
        else:
            route.fulfill(status=404)

    found = []
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        window = context.new_page()
        window.route("**/*", serve)
        for address, page in texts.items():
            window.goto(address)
            told = window.evaluate(MEASURE)
            if told["wider"] > 0:
                found.append(f"{page[0]} at {width}: {told['wider']} px wider, {told['past']}")
            if told["broken"]:
                found.append(f"{page[0]} at {width}: broken {told['broken']}")
    finally:
        context.close()
    return found


@pytest.fixture
def long_pages(
    app: Flask,
    database: Session,
    world: World,  # noqa: F811
    open_all: Callable[[], list[Page]],  # noqa: F811
) -> list[Page]:
    crowd(database, world, times=2)
    lengthen(database)
    return open_all()


def test_long_names_widen_no_page_and_words_stay_whole(
    browser: Browser, long_pages: list[Page]
) -> None:
    assert sum(LONG in page.text for page in long_pages) > 80

    pages = [(page.name, page.text) for page in long_pages]
    found = [fault for width in WIDTHS for fault in faults(browser, pages, width)]

    assert not found, "\n".join(found)


def test_the_law_sees_what_is_too_wide_and_what_is_broken(browser: Browser) -> None:
    narrow = '<main style="width: 5ch; word-break: break-all">Saturday is a day</main>'
    wide = f'<main style="font-size: 3rem">{LONG}</main>'
    pages = [("narrow", narrow), ("wide", wide)]

    found = faults(browser, [(name, f"<!DOCTYPE html><body>{body}") for name, body in pages], 320)

    assert found[0] == "narrow at 320: broken ['Saturday']"
    assert found[1].startswith("wide at 320: ")
