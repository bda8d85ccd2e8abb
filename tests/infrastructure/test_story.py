from tests.infrastructure.conftest import Standing


def test_a_second_run_changes_nothing(standing: Standing) -> None:
    assert standing.runs["second site"].changed == []
