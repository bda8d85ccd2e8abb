"""Which tests run when: `make test-fast` leaves out the slow ones, `make fuzz` runs the random ones.

Random examples are the same in every ordinary run, so that nobody's run fails by chance; `make fuzz`
draws new ones.
"""

import os
from pathlib import Path

import hypothesis
import pytest

SERVERS = {"mariadb", "tls_server", "browser", "clamd", "running_aws", "live_portal"}
"""Fixtures that start one."""

PROCESSES = {
    *("contributing", "demonstration", "drill", "resilience", "restore_drill", "bench"),
    *("test_upgrade_once.py", "test_prepare_database.py", "test_mariadb.py", "test_gunicorn.py"),
    *("test_killed.py", "test_watchdog.py", "test_process.py", "test_release.py"),
    *("test_start.py", "test_mutations.py", "shared_files", "previous_release"),
}
"""Folders and files whose tests start processes, or try thousands of inputs."""


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: starts a server, a browser or other processes")
    config.addinivalue_line("markers", "fuzz: tries random inputs")
    hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
    hypothesis.settings.register_profile(
        "fuzz", deadline=None, max_examples=int(os.environ.get("EXAMPLES", "10000"))
    )
    if not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("same")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = Path(__file__).parents[1]
    for item in items:
        where = set(item.path.relative_to(tests).parts)
        if SERVERS.intersection(getattr(item, "fixturenames", ())) or where & PROCESSES:
            item.add_marker(pytest.mark.slow)
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.fuzz)


def examples(usual: int) -> int:
    """How many random inputs a test with slow examples tries; `make fuzz` may ask for more."""
    return int(os.environ.get("EXAMPLES", usual))
