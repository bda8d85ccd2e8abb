"""Checks a page with axe-core, for WCAG 2.2 AA."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """tags => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, rules: {region: {enabled: true}},
}).then(found => found.violations)"""
"""Checked in addition to the tags: all text is inside a landmark, also back links."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check_accessibility(page: Page) -> None:
    """Assert that `page` breaks no rule and does not scroll sideways (WCAG 1.4.10).

    The source is injected by the browser's debugger, to which a content security policy does not
    apply, so the page keeps its policy.
    """
    with _where_axe_can_run(page) as examined:
        examined.evaluate(_source())
        violations = examined.evaluate(RUN, TAGS)
    assert not violations, "\n\n".join([page.url, *map(_described, violations)])
    excess = page.evaluate(SIDEWAYS)
    assert excess <= 0, f"{page.url} is {excess} px wider than its window"


@contextmanager
def _where_axe_can_run(page: Page) -> Iterator[Page]:
    """`page` itself, or without JavaScript, the same markup in a window that only runs axe."""
    if not page.evaluate("matchMedia('(scripting: none)').matches"):
        yield page
        return
    browser = page.context.browser
    assert browser is not None
    markup = re.sub(r"</?noscript[^>]*>", "", page.content())
    context = browser.new_context(
        viewport=page.viewport_size, storage_state=page.context.storage_state()
    )
    try:
        copy = context.new_page()
        copy.route(
            page.url,
            lambda route: route.fulfill(
                body=markup,
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": "script-src 'none'"},
            ),
        )
        copy.goto(page.url)
        yield copy
    finally:
        context.close()


@cache
def _source() -> str:
    if not AXE.exists():
        raise FileNotFoundError(f"{AXE} is missing. Run: make assets")
    return AXE.read_text(encoding="utf-8")


def _described(violation: dict[str, Any]) -> str:
    nodes = [f"  {node['html']}\n    {node['failureSummary']}" for node in violation["nodes"]]
    return "\n".join([f"{violation['id']}: {violation['help']}", *nodes])
