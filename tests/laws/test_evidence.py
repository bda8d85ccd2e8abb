"""The pages of security evidence are complete, and each verdict that something is met has evidence."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from portal import ROOT
from portal.models import Base

DOCS = ROOT / "docs"
SECTIONS = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3
11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3
15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
"""How many requirements up to level 2 each section of ASVS 5.0.0 has. They come first in each section."""

REQUIREMENT = re.compile(r"^\| (\d+\.\d+\.\d+) \|([^|]+)\|([^|]+)\|(.+)\|$", re.MULTILINE)
VERDICTS = ("met", "not applicable", "not met")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
CRYPTOGRAPHY = {"hashlib", "hmac", "secrets", "ssl", "cryptography", "itsdangerous", "joserfc"}
CRYPTOGRAPHY |= {"authlib", "flask_wtf.csrf.CSRFProtect"}


def chapters() -> list[Path]:
    return sorted((DOCS / "asvs").glob("*.md"))


def requirements() -> list[str]:
    pairs = [pair.split(":") for pair in SECTIONS.split()]
    return [f"{section}.{place}" for section, count in pairs for place in range(1, int(count) + 1)]


def test_each_requirement_up_to_level_2_is_judged_once_and_in_order() -> None:
    found = [row[0] for path in chapters() for row in REQUIREMENT.findall(path.read_text())]

    assert len(found) == 253
    assert found == requirements()


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_each_has_a_verdict_and_what_is_met_has_evidence(path: Path) -> None:
    for number, words, verdict, why in REQUIREMENT.findall(path.read_text()):
        assert verdict.strip() in VERDICTS, number
        assert words.strip(), number
        assert why.strip(), number
        assert verdict.strip() != "met" or LINK.search(why), number


def test_the_index_counts_what_the_chapters_say() -> None:
    index = (DOCS / "asvs.md").read_text()
    for path in chapters():
        counted = Counter(row[2].strip() for row in REQUIREMENT.findall(path.read_text()))
        numbers = " | ".join(str(counted[verdict]) for verdict in VERDICTS)
        assert f"(asvs/{path.name}) | {numbers} |" in index


def test_every_table_has_one_class() -> None:
    page = (DOCS / "data-classification.md").read_text()
    classes = set(re.findall(r"^\| \*\*([a-z]+)\*\*:", page, re.MULTILINE))
    rows = re.findall(r"^\| `([a-z_]+)` \| ([a-z]+) \|", page, re.MULTILINE)

    assert sorted(table for table, _ in rows) == sorted(Base.metadata.tables)
    assert {name for _, name in rows} <= classes


def test_the_inventory_names_each_module_that_uses_cryptography() -> None:
    page = DOCS / "cryptography.md"
    linked = {(page.parent / link).resolve() for link in LINK.findall(page.read_text())}
    portal = [path for path in (ROOT / "portal").rglob("*.py") if "development" not in path.parts]

    assert [str(path) for path in portal if uses(path) and path not in linked] == []
    assert [str(path) for path in linked & set(portal) if not uses(path)] == []


def uses(path: Path) -> bool:
    """Whether the module imports a library for cryptography, or derives a key."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return any(f"{name}.".startswith(f"{one}.") for name in names for one in CRYPTOGRAPHY)
