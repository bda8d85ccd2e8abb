"""Fixture: shared files on a plain folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.shared_files import SharedFiles


@pytest.fixture
def plain_store(tmp_path: Path) -> Iterator[SharedFiles]:
    """In `shared` below `tmp_path`."""
    store = SharedFiles(tmp_path / "shared")
    store.prepare()
    yield store
    store.close()
