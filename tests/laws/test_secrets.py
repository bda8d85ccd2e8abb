"""`make check` notices a secret in a file. What is in `.secrets.baseline` was looked at and is none."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# In two parts, so that this file is not found itself.
PLANTED = {
    "AWS Access Key": ("key = 'AKIA", "2E0A8F3B244C9986'"),
    "Private Key": ("-----BEGIN RSA ", "PRIVATE KEY-----"),
    "GitHub Token": ("token: ghp_", "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"),
    "Hex High Entropy String": ("seal = '9c1185a5c5e9fc5", "4612808977ee8f548b2258d31'"),
    "Secret Keyword": ("SMTP_PASSWORD", " = 'Tr0ub4dor-and-3'"),
    "Basic Auth Credentials": ("mysql://portal:", "Tr0ub4dor@db.internal/portal"),
}


def looked_at(path: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("detect-secrets-hook"))
    command = [program, "--baseline", ".secrets.baseline", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_secret_is_noticed(tmp_path: Path, kind: str) -> None:
    planted = tmp_path / "settings.py"
    planted.write_text("".join(PLANTED[kind]) + "\n")

    answer = looked_at(planted)

    assert answer.returncode == 1, answer.stderr
    assert f"Secret Type: {kind}" in answer.stdout


def test_a_reference_and_a_made_up_name_are_no_secrets(tmp_path: Path) -> None:
    plain = tmp_path / "plain.py"
    plain.write_text("REF = other_ref\nNAME = 'Amina Okafor'\n")

    answer = looked_at(plain)

    assert answer.returncode == 0, answer.stdout
