"""The shared file system: a server in the region, and in each zone a mount that hangs when it is cut off."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from portal.shared_files.rooms import UNFINISHED, Rooms
from tests.drill.network import Network, address
from tests.drill.programs import Programs
from tests.drill.share_server import misbehaviour_of

PLACE = "region"
FOLDER = "medicare-hub-drill-"
"""The prefix of a run's folder, before its process id."""


class Share:
    """`source` is the folder on the server, which always answers."""

    def __init__(self, programs: Programs) -> None:
        self.source = programs.folder / "share"
        self.source.mkdir()
        self._programs = programs

    @property
    def network(self) -> Network:
        return self._programs.network

    @property
    def address(self) -> str:
        return address(PLACE, "files")

    def serve(self, files: Path) -> None:
        """It starts with `files`."""
        shutil.copytree(files, self.source, dirs_exist_ok=True)
        command = (sys.executable, "-m", "tests.drill.share_server", str(self.source), self.address)
        self._programs.start("share", PLACE, *command)

    def mount(self, zone: str) -> None:
        """Raises `NotReady`. Programs that start in the zone after this see the mount."""
        folder = self.mounted(zone)
        _unmount(folder)
        folder.mkdir(exist_ok=True)
        client = self._programs.start_mounting(
            f"share-{zone}",
            zone,
            *(sys.executable, "-m", "tests.drill.share_client", str(folder), self.address),
        )
        client.wait_until(lambda: os.path.ismount(folder))

    def mounted(self, zone: str) -> Path:
        return self._programs.folder / f"mount-{zone}"

    def kept(self) -> dict[str, str]:
        """The SHA-256 of every complete document file, by name."""
        rooms = Rooms(self.source)
        found = (one for room in (rooms.kept, rooms.aside) for one in room.rglob("*"))
        complete = [one for one in found if one.is_file() and one.suffix != UNFINISHED]
        return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in complete}

    def misbehave(self, how: str) -> None:
        """From now on, every write fails: `FULL`, `BROKEN` or `SHORT`."""
        file = misbehaviour_of(self.source)
        draft = file.with_suffix(".new")
        draft.write_text(how)
        draft.rename(file)

    def behave(self) -> None:
        misbehaviour_of(self.source).unlink(missing_ok=True)

    def unmount(self) -> None:
        """Unmounts it everywhere. Call this when nothing runs any more."""
        for folder in self._programs.folder.glob("mount-*"):
            _unmount(folder)


def remove_leftovers() -> None:
    """Unmounts what crashed drills left mounted, and removes their folders."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        found = re.match(rf"{FOLDER}(\d+)-", folder.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            for mount in folder.glob("mount-*"):
                _unmount(mount)
            shutil.rmtree(folder, ignore_errors=True)


def _unmount(folder: Path) -> None:
    command = ("fusermount3", "-u", "-z", "-q", str(folder))
    subprocess.run(command, check=False, capture_output=True)
