"""The guard commits. Any other line that commits has a comment with the reason, on it or above it."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN_TRANSACTIONS = {"audit", "database", "development", "worker"}
"""Modules that run outside of requests."""


def unexplained(text: str) -> list[int]:
    """The line numbers of commits without a comment."""
    lines = text.splitlines()
    return [
        number
        for number, line in enumerate(lines, 1)
        if ".commit()" in line and "#" not in line + lines[number - 2]
    ]


def test_early_commits_say_why() -> None:
    silent = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "portal").rglob("*.py")
        if path.relative_to(ROOT / "portal").parts[0] not in OWN_TRANSACTIONS
        and path.name not in {"guard.py", "commands.py"}
        for number in unexplained(path.read_text())
    }

    assert silent == set()


def test_the_law_sees_a_commit_without_a_reason() -> None:
    assert unexplained("x = 1\nsession.commit()\n# Kept at once.\nsession.commit()") == [2]
