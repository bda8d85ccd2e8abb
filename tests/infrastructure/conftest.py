"""One account for the whole story of building and removing, shared by all tests that look at it."""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.playbooks import ANSIBLE, Run, play

CHAPTERS = (("site", "site"), ("second site", "site"))


LEAVING_NOTHING: dict[str, Any] = {
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
        """Runs one chapter. Tests that ask for the account fail when the chapter failed."""
        self.runs[chapter] = play(playbook, self.account, **variables)
        assert self.runs[chapter].status == 0, self.runs[chapter].output


@pytest.fixture(scope="session")
def story() -> Iterator[Story]:
    """The first chapters of every environment, with production's settings in an empty account."""
    with empty_account() as account:
        told = Story(account)
        for chapter, playbook in CHAPTERS:
            told.tell(chapter, playbook)
        yield told


@pytest.fixture(scope="session")
def released(story: Story) -> Story:
    """The story goes on: one release is baked and started, the next one is rolled out."""
    for chapter, playbook, release in (
        ("bake 1", "bake", "1.0"),
        ("second bake 1", "bake", "1.0"),
        ("deploy 1", "deploy", "1.0"),
        ("second deploy 1", "deploy", "1.0"),
        ("site after deploy 1", "site", ""),
        ("bake 2", "bake", "2.0"),
        ("deploy 2", "deploy", "2.0"),
    ):
        story.tell(chapter, playbook, hub_release=release)
    return story


@pytest.fixture(scope="session")
def two_releases(released: Story) -> Iterator[Account]:
    """A copy of the account in which release 2.0 runs after 1.0, for tests that copy it again."""
    with released.account.copied() as account:
        yield account


@pytest.fixture(scope="session")
def account(story: Story) -> Account:
    """The account with the whole platform."""
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
    last = ["test_the_end.py", "test_operator_policy.py"]
    items.sort(key=lambda item: last.index(item.path.name) if item.path.name in last else -1)
