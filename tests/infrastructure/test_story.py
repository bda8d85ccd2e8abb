from tests.infrastructure.conftest import Story


def test_a_second_run_changes_nothing(story: Story) -> None:
    assert story.runs["second site"].changed == []
