"""One account in which the whole story is played, shared by all tests that only look at it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.playbooks import Run, play


@dataclass(frozen=True)
class Standing:
    """An account in which everything has been made, and the runs that made it, in their order."""

    account: Account
    runs: dict[str, Run]


@pytest.fixture(scope="session")
def account() -> Iterator[Account]:
    """An empty account of this test run's own."""
    with empty_account() as account:
        yield account


@pytest.fixture(scope="session")
def standing(account: Account) -> Standing:
    """The account after the story that every environment begins with."""
    runs: dict[str, Run] = {}
    for chapter, playbook in (("site", "site"), ("second site", "site")):
        runs[chapter] = play(playbook, account)
        assert runs[chapter].status == 0, runs[chapter].output
    return Standing(account, runs)


@pytest.fixture(scope="session")
def torn_down(standing: Standing) -> Run:
    """The end of the story. Only `test_the_end.py`, which runs last, asks for it."""
    return play("teardown", standing.account, preflight_confirmation="yes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_the_end.py")
