"""Everything that the documents name exists, and everything that must be documented is."""

import re
from pathlib import Path

import pytest

from portal import ROOT, vocabulary
from portal.vocabulary import Term
from tests.laws.test_imports import COMPOSERS

DOCUMENTS = sorted(
    path
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("ansible/**/*.md"))
    if not {".venv", "node_modules", ".venv-ansible"} & set(path.parts)
)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
TO_A_HEADING = re.compile(r"\]\(([^)#\s:]*)#([^)]+)\)")
TO_A_TEST = re.compile(r"\[`(test_\w+)`\]\(([^)#\s]+\.py)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
TERMS = [
    found
    for found in vars(vocabulary).values()
    if isinstance(found, type) and issubclass(found, Term) and found is not Term
]


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
ROW = re.compile(r"^\| `portal/([^`]+)` \|(.*)\|$", re.MULTILINE)
NAMED = re.compile(r"`([a-z_0-9]+)`")


def packages_in(folder: Path) -> set[str]:
    return {path.parent.name for path in folder.glob("*/__init__.py")}


def test_the_architecture_names_each_package_and_module_of_the_portal() -> None:
    portal = ROOT / "portal"
    there = {f"{name}/" for name in packages_in(portal)}
    there |= {path.name for path in portal.glob("*.py")}
    named = [name for name, _ in ROW.findall(ARCHITECTURE)]

    assert sorted(named) == sorted(there)


def test_the_architecture_names_each_room() -> None:
    named = {name: set(NAMED.findall(words)) for name, words in ROW.findall(ARCHITECTURE)}
    folders = {name: packages_in(ROOT / "portal" / name) for name in named if name.endswith("/")}

    assert {name: named[name] for name in folders} == folders


def test_the_architecture_names_each_composer() -> None:
    found = {name for name, words in ROW.findall(ARCHITECTURE) if words.startswith(" composer")}

    assert found == {f"{name}/" for name in COMPOSERS}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_something_that_exists(path: Path) -> None:
    links = [link for link in LINK.findall(path.read_text()) if "://" not in link]

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_or_a_test_finds_it(path: Path) -> None:
    text = path.read_text()
    headings = [
        (link, heading)
        for link, heading in TO_A_HEADING.findall(text)
        if heading not in anchors_of(path.parent / link if link else path)
    ]
    tests = [
        (name, link)
        for name, link in TO_A_TEST.findall(text)
        if f"def {name}(" not in (path.parent / link).read_text()
    ]

    assert (headings, tests) == ([], [])


def anchors_of(path: Path) -> set[str]:
    """A page's headings as GitHub names them in addresses."""
    titles = HEADING.findall(path.read_text())
    return {re.sub(r"[^\w\- ]", "", title).strip().lower().replace(" ", "-") for title in titles}


def test_the_index_of_decisions_names_each_of_them() -> None:
    folder = ROOT / "docs" / "decisions"
    named = set(LINK.findall((folder / "README.md").read_text()))

    assert named == {path.name for path in folder.glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.__name__)
def test_the_glossary_has_every_title(term: type[Term]) -> None:
    titles = ", ".join(member.title for member in term)

    assert f"| {term.__name__} | {titles} |" in (ROOT / "docs" / "glossary.md").read_text()
