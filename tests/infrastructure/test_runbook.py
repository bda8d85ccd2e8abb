"""docs/runbook.md: each alarm has its paragraph, each paragraph an alarm."""

import re

import pytest

from portal import ROOT
from tests.infrastructure.account import Account
from tests.infrastructure.figures import PREFIX, alarms

PARAGRAPH = re.compile(r"^### (`.+`)\n((?:(?!^#).*\n)+)", re.MULTILINE)
PARAGRAPHS = {
    name: text
    for heading, text in PARAGRAPH.findall((ROOT / "docs" / "runbook.md").read_text())
    for name in re.findall(r"`(.+?)`", heading)
}
OF_A_SIGNED_ZONE = {"names-not-signed", "names-key-needs-action"}
"""Alarms that stand only with hub_dnssec: test_signed_zone.py looks at them."""


def name_in_runbook(alarm: str) -> str:
    """The alarm's name without the prefix, and with the kind of place instead of the place."""
    name = alarm.removeprefix(f"{PREFIX}-")
    return re.sub(r"nat-[0-9a-f]{17}", "<gateway>", re.sub(r"eu-west-2[abc]", "<zone>", name))


def test_alarms_and_paragraphs_are_the_same(account: Account) -> None:
    standing = [*alarms(account), *alarms(account, "CompositeAlarm")]
    standing += alarms(account, region="us-east-1")

    assert {name_in_runbook(one["AlarmName"]) for one in standing} | OF_A_SIGNED_ZONE == (
        PARAGRAPHS.keys()
    )


@pytest.mark.parametrize("name", sorted(PARAGRAPHS))
def test_each_says_what_people_notice_where_to_look_and_what_to_do(name: str) -> None:
    for beginning in ("**People notice** ", "**First look**: ", "**First action**: "):
        assert f"\n{beginning}" in f"\n{PARAGRAPHS[name]}"


def test_every_heading_is_written_once() -> None:
    text = (ROOT / "docs" / "runbook.md").read_text()
    names = [name for line in re.findall("^### .*$", text, re.M) for name in line.split("`")[1::2]]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    "title",
    [
        "Loss of a zone",
        "Loss of the region",
        "Restore",
        "Rotation of keys and secrets",
        "Break-glass for operations",
    ],
)
def test_the_large_incidents_have_their_chapters(title: str) -> None:
    assert f"\n## {title}\n" in (ROOT / "docs" / "runbook.md").read_text()
