"""Templates get addresses from `url_for`, so that moving a route leaves no dead link."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))

TYPED_BY_HAND = re.compile(
    r"""\s(?:href|src|action|formaction|data-[a-z-]+)=["'](?:/|\{\{[^}]*\}\}/)"""  # href="/x", "{{ here }}/x"
    r"""|url_for\([^)]*\)\s*~\s*["']/"""  # url_for(…) ~ "/x"
)


def name(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize(
    ("written", "by_hand"),
    [
        ('<a href="/patients/{{ it.ref }}">', True),
        ('<a href="{{ here }}/{{ it.ref }}">', True),
        ('<button formaction="/appointments/{{ it.ref }}/start">', True),
        ('{% set here = url_for(".list", ref=it.ref) ~ "/new" %}', True),
        ("<a href=\"{{ url_for('.show', ref=it.ref) }}\">", False),
        ("<a href=\"{{ url_for('.show', ref=it.ref) }}?page=2\">", False),
        ('<a href="https://www.nhs.uk/">', False),
    ],
)
def test_typed_addresses_and_url_for_are_told_apart(written: str, by_hand: bool) -> None:
    assert bool(TYPED_BY_HAND.search(written)) == by_hand


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_no_address_is_typed_by_hand(path: Path) -> None:
    found = TYPED_BY_HAND.findall(path.read_text())

    assert found == []
