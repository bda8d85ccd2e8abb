"""The release and the wheels that go into the image, as `make` packs them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pack_release(folder: Path) -> Path:
    """The portal as it is in the working tree, as an archive in `folder`."""
    archive = folder / "release.tar.gz"
    # The style sheets have been built before the tests run.
    _make("--old-file=static/build/manifest.json", "release", f"RELEASE_ARCHIVE={archive}")
    return archive


def wheelhouse() -> Path:
    """The wheels of the locked packages."""
    return ROOT / _make("wheels", "--eval=where: ; @echo $(WHEELS)", "where").strip()


def _make(*arguments: str) -> str:
    return subprocess.run(
        ["make", "--silent", *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
