"""The environment file: what systemd reads from it, and who may read it."""

import stat
from pathlib import Path

import pytest

from boot_settings.environment_file import as_text, replace
from boot_settings.published import Unfit


def test_what_is_written_is_read_back() -> None:
    assert as_text({"B": "2", "A": "1"}) == 'A="1"\nB="2"\n'
    assert as_text({"ODD": '"\\$`'}) == 'ODD="\\"\\\\\\$\\`"\n'


@pytest.mark.parametrize("value", ["two\nlines", "a\0b", "\x7f"])
def test_control_characters_are_refused_without_quoting_the_value(value: str) -> None:
    with pytest.raises(Unfit, match="SECRET_KEY holds a line break") as refusal:
        as_text({"SECRET_KEY": value})
    assert value not in str(refusal.value)


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "portal.env"
    assert replace(file, "A=1\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_same_text_is_not_written_again(tmp_path: Path) -> None:
    file = tmp_path / "portal.env"
    replace(file, "A=1\n")
    before = file.stat().st_ino
    assert not replace(file, "A=1\n")
    assert file.stat().st_ino == before


def test_a_draft_that_was_left_lying_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "portal.env.new").write_text("half")
    assert replace(tmp_path / "portal.env", "A=1\n")
    assert [file.name for file in tmp_path.iterdir()] == ["portal.env"]
