"""Fixtures: the hospital of this worker's stories, and people who visit it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.chromium import Visitor
from tests.mariadb import Server
from tests.stories.stage import Stage, running_stage
from tests.stories.visit import Visit


@pytest.fixture(scope="session")
def stage(mariadb: Server, worker_id: str) -> Iterator[Stage]:
    with running_stage(mariadb, f"stories_{worker_id}") as running:
        yield running


@pytest.fixture
def somebody(stage: Stage, new_visitor: Callable[..., Visitor]) -> Callable[..., Visit]:
    """Opens a browser for somebody (the arguments of a Visitor)."""

    def comes(**options: Any) -> Visit:
        return Visit(new_visitor(**options), stage)

    return comes
