"""The release before this one works on this one's tables: its code under its own tests, in `release.tar.xz`.

A fleet is replaced a few instances at a time, and can be rolled back, so both releases work on the newest
schema. `make previous-release RELEASE=commit` keeps another release.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from portal import ROOT

KEPT = Path(__file__).with_name("release.tar.xz")
TESTS = (
    "tests/appointments/actions",
    "tests/appointments/test_booking_views.py",
    "tests/appointments/test_moving_views.py",
    "tests/patients/test_actions.py",
    "tests/patients/test_views.py",
    "tests/documents/test_adding_views.py",
)
"""What people do most: book, move, cancel, register, find, send documents."""

AT_LEAST = 170
OF_THIS_RUN = {"MEDICARE_HUB_TEST_RUN", "MEDICARE_HUB_TEST_RUN_PID"}
"""With these the tests inside would share this run's database server, and its databases' names."""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """The kept release with the migrations and grants of this one."""
    with tarfile.open(KEPT) as archive:
        archive.extractall(tmp_path, filter="data")
    before = {one.name for one in (tmp_path / "migrations" / "versions").glob("[0-9]*.py")}
    shutil.rmtree(tmp_path / "migrations")
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
    after = {one.name for one in (tmp_path / "migrations" / "versions").glob("[0-9]*.py")}
    assert before < after
    shutil.copytree(ROOT / "static" / "build", tmp_path / "static" / "build")
    return tmp_path


def test_it_serves_on_the_newest_tables_with_the_newest_grants(release: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in OF_THIS_RUN}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=release,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    passed = re.search(r"(\d+) passed", run.stdout)
    assert passed, run.stdout
    assert int(passed[1]) >= AT_LEAST
