"""Fixture: a running ClamAV daemon that knows the EICAR test file."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clamd import running_clamd


@pytest.fixture(scope="session")
def clamd() -> Iterator[str]:
    """Its address, as `SCANNER_ADDRESS` takes it."""
    # Not pytest's own folder: the path of a socket has at most 107 characters.
    with (
        tempfile.TemporaryDirectory(prefix="medicare-hub-clamd-") as folder,
        running_clamd(Path(folder)) as address,
    ):
        yield address
