"""A file of variables as systemd's EnvironmentFile= reads it, for root's eyes only."""

import re
from collections.abc import Mapping
from pathlib import Path

from boot_settings.published import Unfit

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
SPECIAL = re.compile(r'(["\\$`])')


def as_text(variables: Mapping[str, str]) -> str:
    """Raises `Unfit` for a value with a line break or another control character."""
    for name, value in variables.items():
        if CONTROL.search(value):
            raise Unfit(f"{name} holds a line break or another control character. Write it again.")
    return "".join(f'{name}="{_quoted(variables[name])}"\n' for name in sorted(variables))


def replace(path: Path, text: str) -> bool:
    """Write the file whole or not at all. Says whether it held something else."""
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600, exist_ok=False)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
    return True


def _quoted(value: str) -> str:
    return SPECIAL.sub(r"\\\1", value)
