"""The role turns a Debian into the image, and a second run changes nothing."""

from tests.image.role import Image


def test_the_first_run_makes_the_image(image: Image) -> None:
    assert "Unpack the release" in " ".join(image.runs[0].changed)


def test_the_second_run_changes_nothing(image: Image) -> None:
    assert image.runs[1].changed == []
