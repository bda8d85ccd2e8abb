"""One account in which the whole story is played, shared by all tests that look at it."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.playbooks import ANSIBLE, Run, play

CHAPTERS = (("site", "site"), ("second site", "site"))


LEAVING_NOTHING = {
    "preflight_confirmation": "yes",
    "hub_keep_data": False,
    "keys_account_settings_stay": False,
}


@dataclass(frozen=True)
class Story:
    """An account in which everything has been made, and the runs that made it by the chapter's name."""

    account: Account
    runs: dict[str, Run] = field(default_factory=dict)

    def tell(self, chapter: str, playbook: str, **variables: Any) -> None:
        """Plays one chapter. A test that asks for the account fails when it does not end well."""
        self.runs[chapter] = play(playbook, self.account, **variables)
        assert self.runs[chapter].status == 0, self.runs[chapter].output


@pytest.fixture(scope="session")
def story() -> Iterator[Story]:
    """What every environment begins with, played on production's settings in an empty account."""
    with empty_account() as account:
        told = Story(account)
        for chapter, playbook in CHAPTERS:
            told.tell(chapter, playbook)
        yield told


@pytest.fixture(scope="session")
def account(story: Story) -> Account:
    """The account in which everything stands."""
    return story.account


@pytest.fixture(scope="session")
def torn_down(story: Story) -> Run:
    """The end of the story. Only `test_the_end.py`, which runs last, asks for it."""
    return play("teardown", story.account, **LEAVING_NOTHING)


@pytest.fixture(scope="session")
def operator_policy() -> ModuleType:
    """What `make operator-policy` runs."""
    specification = importlib.util.spec_from_file_location(
        "operator_policy", ANSIBLE / "operator_policy.py"
    )
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == "test_the_end.py")
