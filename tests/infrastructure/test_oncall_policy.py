"""The permissions of the person on call: what the runbook tells them to do, and nothing more."""

import importlib.util
import json
import re
import shlex
from types import ModuleType
from typing import Any

import boto3
import pytest

from portal import ROOT
from tests.infrastructure.account import Account
from tests.infrastructure.playbooks import ANSIBLE, play
from tests.infrastructure.test_operator_policy import in_iam

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
COMMANDS = [shlex.split(one) for one in re.findall(r"`aws (.+?)`", RUNBOOK, re.DOTALL)]
LONGEST = 6144
OF_EVERY_COMMAND = {"--query"}


@pytest.fixture(scope="module")
def oncall() -> ModuleType:
    """What `make oncall-policy` runs."""
    found = importlib.util.spec_from_file_location("oncall_policy", ANSIBLE / "oncall_policy.py")
    assert found
    assert found.loader
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def camel(option: str) -> str:
    return "".join(word.capitalize() for word in option.removeprefix("--").split("-"))


def members(service: str, operation: str) -> set[str]:
    """The parameters of an operation, in small letters; raises KeyError for one that there is not."""
    client: Any = boto3.client(service, region_name="eu-west-2")  # type: ignore[call-overload]
    name = client.meta.method_to_api_mapping[operation.replace("-", "_")]
    shape: Any = client.meta.service_model.operation_model(name).input_shape
    return {member.lower() for member in shape.members}


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_every_command_of_the_runbook_is_one_with_such_options(command: list[str]) -> None:
    service, operation, *rest = command
    if operation == "start-session":
        assert rest[0] == "--target"
        return
    known = members(service, operation)
    options = [one for one in rest if one.startswith("--") and one not in OF_EVERY_COMMAND]
    for option in options:
        assert camel(option.removeprefix("--no-")).lower() in known, option


def test_there_are_commands_in_the_runbook() -> None:
    assert len(COMMANDS) > 10


def test_what_the_runbook_tells_to_do_is_allowed_and_nothing_else_is_changed(
    oncall: ModuleType,
) -> None:
    allowed = oncall.actions(RUNBOOK)
    assert {
        "arc-zonal-shift:StartZonalShift",
        "autoscaling:SetDesiredCapacity",
        "rds:RebootDBInstance",
        "route53:GetDNSSEC",
        "ssm:StartSession",
    } <= allowed
    looking = re.compile(
        r":(Describe|Get|List|Start(Query|Session)|ResumeSession|TerminateSession)"
    )
    changing = {one for one in allowed if not looking.search(one)}
    assert changing == {one for one in oncall.commanded(RUNBOOK) if not looking.search(one)} | {
        one for one in oncall.ROLLBACK if not looking.search(one)
    }


def test_nobody_on_call_may_delete_or_give_rights(oncall: ModuleType) -> None:
    allowed = oncall.actions(RUNBOOK)
    assert not [
        one
        for one in allowed
        if re.search(r":(Delete|Put(?!MetricData)|Attach|Create(?!Snapshot|Tags))", one)
    ]


def test_what_is_listed_must_be_in_the_runbook(oncall: ModuleType) -> None:
    with pytest.raises(ValueError, match="Database Insights"):
        oncall.actions(RUNBOOK.replace("Database Insights", "its figures"))


def test_it_fits_into_one_policy(oncall: ModuleType) -> None:
    document = oncall.policy(RUNBOOK)
    assert len(document) <= LONGEST
    statements = json.loads(document)["Statement"]
    assert [one["Action"] for one in statements[1:]] == ["ec2:RunInstances", "iam:PassRole"]


def test_a_rollback_asks_for_nothing_more(two_releases: Account, oncall: ModuleType) -> None:
    with two_releases.copied() as account:
        assert play("rollback", account).status == 0
        asked = {in_iam(one) for one in account.actions()}
    assert "autoscaling:StartInstanceRefresh" in asked
    assert sorted(asked - oncall.actions(RUNBOOK)) == []
