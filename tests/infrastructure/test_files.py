import json
from typing import Any

import pytest

from tests.infrastructure.account import Account


@pytest.fixture
def file_system(account: Account) -> dict[str, Any]:
    (found,) = account.all("efs", "describe_file_systems", "FileSystems")
    return dict(found)


def of(file_system: dict[str, Any]) -> dict[str, str]:
    return {"FileSystemId": file_system["FileSystemId"]}


def test_it_is_encrypted_and_elastic(file_system: dict[str, Any]) -> None:
    assert file_system["Encrypted"]
    assert file_system["ThroughputMode"] == "elastic"


def test_each_zone_has_a_mount_target(account: Account, file_system: dict[str, Any]) -> None:
    targets = account.all("efs", "describe_mount_targets", "MountTargets", **of(file_system))
    assert len({target["AvailabilityZoneName"] for target in targets}) == 3


def test_everybody_acts_as_the_portals_user_there(
    account: Account, file_system: dict[str, Any]
) -> None:
    (point,) = account.all("efs", "describe_access_points", "AccessPoints", **of(file_system))
    assert point["PosixUser"] == {"Uid": 990, "Gid": 990}


def test_nothing_is_sent_without_tls(account: Account, file_system: dict[str, Any]) -> None:
    answer = account.client("efs").describe_file_system_policy(**of(file_system))
    denied = [s for s in json.loads(answer["Policy"])["Statement"] if s["Effect"] == "Deny"]
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied[0]["Resource"] == file_system["FileSystemArn"]


def test_aws_copies_it_daily(account: Account, file_system: dict[str, Any]) -> None:
    policy = account.client("efs").describe_backup_policy(**of(file_system))
    assert policy["BackupPolicy"]["Status"] == "ENABLED"
