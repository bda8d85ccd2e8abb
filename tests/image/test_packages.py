"""The role refuses packages with a wrong checksum or signature."""

from pathlib import Path
from typing import Any

from tests.image.role import Image, apply

PLAYBOOK = Path(__file__).with_name("package.yml")


def refused(image: Image, **source: Any) -> str:
    """Tries to install the agent again from another source; returns the role's output."""
    agent = image.variables["portal_image_cloudwatch_agent"] | source
    outcome = apply(
        image.root, image.variables | {"portal_image_cloudwatch_agent": agent}, PLAYBOOK
    )
    assert outcome.status != 0
    return " ".join(outcome.output.split())


def test_a_file_with_another_checksum_is_refused(image: Image) -> None:
    assert "is not the expected 00ff" in refused(image, checksum="00ff")


def test_a_package_that_was_changed_after_it_was_signed_is_refused(
    image: Image, tmp_path: Path
) -> None:
    changed = tmp_path / "changed.deb"
    original = Path(image.variables["portal_image_cloudwatch_agent"]["source"])
    changed.write_bytes(original.read_bytes() + b"\n")
    assert "is not signed by" in refused(image, source=str(changed))


def test_a_good_signature_of_somebody_else_is_refused(image: Image) -> None:
    assert "is not signed by 00000000" in refused(image, fingerprint="0" * 40)


def test_nothing_is_left_behind(image: Image) -> None:
    assert not list(image.root.glob("tmp/ansible*"))
    assert not list(image.root.glob("var/tmp/medicare-hub*"))
