"""A program of a test's own, run as the portal is: by its user, behind the same walls."""

import shutil

from tests.image.machine import Machine

UNIT = """[Service]
Type=oneshot
User=portal
ExecStart=/opt/medicare-hub/.venv/bin/python -I /etc/trial.py
"""


def inside_the_walls(machine: Machine, program: str) -> str:
    """What the program prints, after what others printed before it."""
    walls = machine.root.joinpath("etc/systemd/system/trial.service.d")
    shutil.copytree(machine.root / "etc/systemd/system/portal.service.d", walls, dirs_exist_ok=True)
    (walls.parent / "trial.service").write_text(UNIT)
    (machine.root / "etc/trial.py").write_text(program)
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", "trial.service", check=False)
    return machine.said("trial.service")
