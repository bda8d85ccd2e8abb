"""Applies the role to a Debian in a folder, as bake.yml applies it to a builder instance."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.image.debian import ending_with_this_process

ROOT = Path(__file__).parents[2]
ANSIBLE = ROOT / "ansible"
PROGRAMS = ROOT / ".venv-ansible" / "bin"
PLAYBOOK = Path(__file__).with_name("image.yml")

# /proc is mounted only for this command, in a mount namespace that ends with it.
IN_A_NAMESPACE = ("unshare", "--mount", "--propagation", "private", "sh", "-ec")
MOUNT_AND_RUN = 'mount -t proc proc "$1/proc"; shift; exec "$@"'


@dataclass(frozen=True)
class Applied:
    """One run of the role: its exit status, the tasks that changed something, and its output."""

    status: int
    changed: list[str]
    output: str


@dataclass(frozen=True)
class Image:
    """A Debian root folder after the role, and the two runs of the role."""

    root: Path
    variables: dict[str, Any]
    runs: tuple[Applied, Applied]


def apply(root: Path, variables: Mapping[str, Any], playbook: Path = PLAYBOOK) -> Applied:
    """Runs the playbook, by default the whole role, on the Debian in `root`."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        inventory = Path(folder, "inventory.json")
        inventory.write_text(json.dumps({"image": {"hosts": {str(root): _HOST}}}))
        outcome = subprocess.run(
            [
                *ending_with_this_process(),
                *IN_A_NAMESPACE,
                *(MOUNT_AND_RUN, "sh", root),
                *(PROGRAMS / "ansible-playbook", playbook, "-i", inventory),
                *("--extra-vars", json.dumps(dict(variables))),
            ],
            cwd=ANSIBLE,
            env=_environment() | {"HUB_REPORT": str(report)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        told = json.loads(report.read_text()) if report.exists() else {"roles": {}}
    changed = [task for role in told["roles"].values() for task in role["changed"]]
    return Applied(outcome.returncode, changed, outcome.stdout)


_HOST = {
    "ansible_connection": "community.general.chroot",
    "ansible_python_interpreter": "/usr/bin/python3",
}


def _environment() -> dict[str, str]:
    """Without this machine's settings, such as pip's, which do not apply inside the image."""
    kept = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return {
        **kept,
        **proxies,
        "LANG": "C.UTF-8",
        "ANSIBLE_NOCOLOR": "true",
        "ANSIBLE_PIPELINING": "true",
        "ANSIBLE_ROLES_PATH": str(ANSIBLE / "roles"),
        "PYTHONWARNINGS": "ignore",
    }
