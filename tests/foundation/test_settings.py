"""docs/settings.md names exactly the existing settings, with their defaults."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from portal import ROOT
from portal.settings.configuration import Settings
from portal.telemetry import logs
from tests.settings import ENVIRONMENT

ROW = re.compile(r"\| `([A-Z_]+)` \| (.+?) \|")
DOCUMENTED = dict(ROW.findall((ROOT / "docs" / "settings.md").read_text()))


class Asked(Mapping[str, str]):
    """An environment that records which variables were read."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values_, self.names = values, set[str]()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self.values_[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values_)

    def __len__(self) -> int:
        return len(self.values_)


def defaults(path: Path, function: str) -> dict[str, str]:
    """The numbers that are the second argument of calls of this function, by name."""
    return {
        str(call.args[0].value): str(call.args[1].value)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == function
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[1], ast.Constant)
    }


def asked_by_portal() -> set[str]:
    environment = Asked(
        {
            **ENVIRONMENT,
            "DATABASE_URL": "sqlite://",
            "MAIL_TRANSPORT": "smtp",
            "SMTP_URL": "smtp://mail.example:587",
        }
    )
    Settings.from_environment(environment)
    return environment.names


def asked_by_gunicorn() -> set[str]:
    return set(re.findall(r'"(GUNICORN_[A-Z_]+)"', (ROOT / "gunicorn.conf.py").read_text()))


def asked_by_logs() -> set[str]:
    environment = Asked({"LOG_FORMAT": "json"})
    logs.configuration(environment)
    return environment.names


def test_every_setting_is_described_and_no_other() -> None:
    assert asked_by_portal() | asked_by_gunicorn() | asked_by_logs() == DOCUMENTED.keys()


@pytest.mark.parametrize(
    ("name", "default"),
    [
        *defaults(ROOT / "portal" / "settings" / "configuration.py", "reader.number").items(),
        *defaults(ROOT / "gunicorn.conf.py", "_figure").items(),
    ],
)
def test_each_number_is_described_with_its_default(name: str, default: str) -> None:
    assert DOCUMENTED[name] == default


def test_there_are_numbers_to_compare() -> None:
    assert len(defaults(ROOT / "portal" / "settings" / "configuration.py", "reader.number")) > 10
    assert len(defaults(ROOT / "gunicorn.conf.py", "_figure")) == 5
