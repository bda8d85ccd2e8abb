"""Runs a test's program like the portal: as its user, in the same sandbox."""

import shutil

from tests.image.machine import Machine

UNIT = """[Service]
Type=oneshot
User=portal
ExecStart=/opt/medicare-hub/.venv/bin/python -I /etc/trial.py
"""


def inside_the_walls(machine: Machine, program: str) -> str:
    """The program's output, which follows the output of earlier programs."""
    walls = machine.root.joinpath("etc/systemd/system/trial.service.d")
    shutil.copytree(machine.root / "etc/systemd/system/portal.service.d", walls, dirs_exist_ok=True)
    (walls.parent / "trial.service").write_text(UNIT)
    (machine.root / "etc/trial.py").write_text(program)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "trial.service", check=False)
    return machine.said("trial.service")
