"""Fixtures: the run's MariaDB server and an empty database on it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mariadb import Server
from tests.shared_mariadb import server_of_run

FOLDER, PID = "MEDICARE_HUB_TEST_RUN", "MEDICARE_HUB_TEST_RUN_PID"
OWNED = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Tell the worker processes, through the environment, which run they belong to."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = config.stash[OWNED] = tempfile.mkdtemp(prefix="medicare-hub-tests-")
        os.environ[PID] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    if folder := config.stash.get(OWNED, None):
        shutil.rmtree(folder, ignore_errors=True)
        del os.environ[FOLDER], os.environ[PID]


@pytest.fixture(scope="session")
def mariadb() -> Server:
    """The server that all workers of this run share. It is quick, not durable."""
    return server_of_run(Path(os.environ[FOLDER]), int(os.environ[PID]))


@pytest.fixture
def mariadb_database(mariadb: Server) -> Iterator[str]:
    """The owner's address of an empty database, dropped after the test."""
    name = f"test_{os.getpid()}"
    yield mariadb.create_database(name)
    mariadb.drop_database(name)
