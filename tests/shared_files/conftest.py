from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.shared_files import SharedFiles, watchdog
from tests.hanging_files import HangingFiles, hanging_files


@pytest.fixture
def store(plain_store: SharedFiles) -> SharedFiles:
    return plain_store


@pytest.fixture
def files(tmp_path: Path) -> Iterator[HangingFiles]:
    """A mounted file system that can be told to hang, with a prepared store's rooms on it."""
    with hanging_files(tmp_path) as files:
        SharedFiles(files.mount).prepare()
        yield files


@pytest.fixture
def hanging_store(files: HangingFiles) -> Iterator[SharedFiles]:
    """A store on it that waits half a second for each errand."""
    store = SharedFiles(files.mount, seconds=0.5)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def _watches_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "INTERVAL_SECONDS", 0.1)
