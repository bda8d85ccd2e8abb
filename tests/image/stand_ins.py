"""Packages that stand in for Amazon's, which can't be fetched where the tests run.

They have the same names, commands and units, and the role's tasks (checksum, signature, installation)
treat them in the same way. They do as little as possible: they test the role, not Amazon's programs.
"""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

UNIT = """[Unit]
Description={name} (stand-in)

[Service]
ExecStart={command}

[Install]
WantedBy=multi-user.target
"""

MOUNT = """#!/bin/sh
# Stands in for amazon-efs-utils: a file system in memory, after saying what was asked for.
echo "mount.efs $*"
while [ -e /etc/stand-in-efs-hangs ]; do sleep 1; done
exec mount -t tmpfs -o mode=0755,uid=990,gid=990 tmpfs "$2"
"""

AGENT = """#!/usr/bin/python3
# Stands in for the CloudWatch agent: reads its configuration and listens for statsd.
import json, socket, sys
with open("/opt/aws/amazon-cloudwatch-agent/etc/amazon-cloudwatch-agent.json") as file:
    agent = json.load(file)
host, port = agent["metrics"]["metrics_collected"]["statsd"]["service_address"].rsplit(":", 1)
statsd = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
statsd.bind((host or "127.0.0.1", int(port)))
for group in agent["logs"]["logs_collected"]["files"]["collect_list"]:
    print(group["file_path"], "to", group["log_group_name"], flush=True)
while True:
    statsd.recv(4096)
"""

FILES = {
    "amazon-cloudwatch-agent": {
        "usr/libexec/stand-in-agent": AGENT,
        "opt/aws/amazon-cloudwatch-agent/etc/.keep": "",
        "lib/systemd/system/amazon-cloudwatch-agent.service": UNIT.format(
            name="amazon-cloudwatch-agent", command="/usr/libexec/stand-in-agent"
        ),
    },
    "amazon-ssm-agent": {
        "lib/systemd/system/amazon-ssm-agent.service": UNIT.format(
            name="amazon-ssm-agent", command="/usr/bin/sleep infinity"
        ),
    },
    "amazon-efs-utils": {"sbin/mount.efs": MOUNT},
}


@dataclass(frozen=True)
class Signer:
    """A key made for one test run."""

    home: Path
    fingerprint: str

    def key(self) -> Path:
        """Its public key, in a file."""
        target = self.home / "public.gpg"
        self._gpg("--yes", "--output", str(target), "--export", self.fingerprint)
        return target

    def sign(self, file: Path) -> Path:
        self._gpg("--yes", "--detach-sign", str(file))
        return file.with_name(f"{file.name}.sig")

    def _gpg(self, *arguments: str) -> str:
        return _run("gpg", "--batch", "--homedir", str(self.home), *arguments)


def a_signer(folder: Path) -> Signer:
    home = folder / "signer"
    home.mkdir(mode=0o700)
    parameters = ("--passphrase", "", "--quick-generate-key", "stand-in", "ed25519")
    _run("gpg", "--batch", "--homedir", str(home), *parameters)
    listing = _run("gpg", "--batch", "--homedir", str(home), "--with-colons", "--fingerprint")
    fingerprint = next(line for line in listing.splitlines() if line.startswith("fpr"))
    return Signer(home, fingerprint.split(":")[9])


def build(name: str, folder: Path) -> Path:
    """The package as a file in `folder`."""
    tree = folder / name
    for path, text in FILES[name].items():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(0o755 if text.startswith("#!") else 0o644)
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: 0~stand-in\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\n"
        f"Description: stands in for Amazon's package of that name in tests\n"
    )
    package = folder / f"{name}.deb"
    _run("dpkg-deb", "--build", "--root-owner-group", str(tree), str(package))
    return package


def checksum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(*command: str) -> str:
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}
    ).stdout
