"""What a teardown leaves. Runs after all other tests of this folder."""

from tests.infrastructure.conftest import Story
from tests.infrastructure.playbooks import Run


def test_nothing_is_left_of_all_that_was_made(story: Story, torn_down: Run) -> None:
    assert torn_down.status == 0, torn_down.output
    assert sorted(story.account.made()) == []
