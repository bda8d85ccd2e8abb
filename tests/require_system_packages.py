"""Install the Debian packages that the tests need, or say exactly how to. Run it as a script."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LIST = Path(__file__).with_name("system-packages.txt")
POLICY = Path("/usr/sbin/policy-rc.d")


def listed() -> list[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def missing(packages: list[str]) -> list[str]:
    """The packages of `packages` that are not installed, according to dpkg."""
    answer = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,  # it also fails when it does not know a package
    )
    installed = {
        line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")
    }
    return [package for package in packages if package not in installed]


@contextmanager
def services_held_back(policy: Path = POLICY) -> Iterator[None]:
    """Keep newly installed packages from starting their services (Debian's policy-rc.d)."""
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def install(packages: list[str]) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=environment, check=True)
    with services_held_back():
        subprocess.run(
            ["apt-get", "install", "--yes", "--no-install-recommends", *packages],
            env=environment,
            check=True,
        )


def main() -> int:
    packages = missing(listed())
    if not packages:
        return 0
    command = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0:
        print(
            f"The tests need these Debian packages. Run:\n\n    sudo {command}\n", file=sys.stderr
        )
        return 1
    print(f"Installing what the tests need: {' '.join(packages)}", flush=True)
    try:
        install(packages)
    except subprocess.CalledProcessError as failure:
        print(f"{failure}. Mend that, or run yourself: {command}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
