"""A release is unpacked somewhere else and runs there, without the demonstration."""

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.image.release import pack_release
from tests.settings import ENVIRONMENT

PROGRAM = """
import json, sys
import portal
app = portal.create_app()
pages = {path: app.test_client().get(path).status_code for path in ("/health/live", "/sign-in")}
modules = [name for name in sys.modules if name.startswith("portal.development")]
print(json.dumps({"from": portal.__file__, "pages": pages, "development": modules}))
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an unpacked release."""
    archive = pack_release(tmp_path_factory.mktemp("packed"))
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def test_it_holds_the_portal_and_nothing_of_the_demonstration(release: Path) -> None:
    files = {str(path.relative_to(release)) for path in release.rglob("*") if path.is_file()}

    assert {"wsgi.py", "portal/__init__.py", "static/build/manifest.json"} <= files
    assert {file for file in files if "development" in file or "demonstration" in file} == set()


def test_it_runs_by_itself(release: Path, tmp_path: Path) -> None:
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite"}

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=release,
        env=os.environ | ENVIRONMENT | settings,
        capture_output=True,
        text=True,
        check=True,
    )

    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["from"] == str(release / "portal" / "__init__.py")
    assert told["pages"] == {"/health/live": 200, "/sign-in": 200}
    assert told["development"] == []
