"""Database and files are restored to one moment, with all settings. The old ones are kept beside."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.fleets import PREFIX, group, running_releases
from tests.infrastructure.playbooks import Run, play

DATABASE = "present | Restore the database, and keep the old one beside"
BEFORE = f"{PREFIX}-before-"


@pytest.fixture(scope="module")
def account(two_releases: Account) -> Iterator[Account]:
    """With a copy of the files in its vault."""
    with two_releases.copied() as account:
        (file_system,) = account.all("efs", "describe_file_systems", "FileSystems")
        account.client("backup").start_backup_job(
            BackupVaultName=PREFIX,
            ResourceArn=file_system["FileSystemArn"],
            IamRoleArn=f"arn:aws:iam::123456789012:role/{PREFIX}-backups",
            Lifecycle={"DeleteAfterDays": 35},
        )
        yield account


def restored(account: Account, **settings: Any) -> Run:
    asked = {"restore_what": "both", "restore_to": moment(account), **settings}
    return play("restore", account, restore_confirmation=PREFIX, **asked)


def moment(account: Account) -> str:
    """A second after the copy of the files was begun."""
    (point,) = copies(account)
    return f"{point['CreationDate'].astimezone(UTC) + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def copies(account: Account) -> list[dict[str, Any]]:
    backup = account.client("backup")
    found = backup.list_recovery_points_by_backup_vault(BackupVaultName=PREFIX)
    return list(found["RecoveryPoints"])


def databases(account: Account) -> dict[str, dict[str, Any]]:
    found = account.all("rds", "describe_db_instances", "DBInstances")
    return {one["DBInstanceIdentifier"]: one for one in found}


def commands(account: Account) -> list[str]:
    """What was run on instances through Systems Manager, oldest first."""
    sent = account.client("ssm").list_commands()["Commands"]
    return [line for one in sent for line in one["Parameters"]["commands"]]


def test_a_restore_waits_for_the_hub_s_name(account: Account) -> None:
    run = play("restore", account, restore_to=moment(account), restore_confirmation="yes")
    assert run.status != 0
    assert "Nothing was restored" in run.output
    assert group(account)["MinSize"] == 3


@pytest.mark.parametrize(
    ("asked", "fix"),
    [
        ({}, "Say to which moment"),
        ({"restore_to": "yesterday"}, "Write it in UTC"),
        (
            {"restore_to": "2020-01-01T00:00:00Z", "restore_what": "both"},
            "has no copy of the files",
        ),
    ],
)
def test_an_impossible_restore_is_refused_before_anything_is_closed(
    account: Account, asked: dict[str, str], fix: str
) -> None:
    run = play("restore", account, restore_confirmation=PREFIX, **asked)
    assert run.status != 0
    assert fix in run.output
    assert group(account)["MinSize"] == 3


def test_the_portal_stays_closed_until_everything_is_restored(
    two_releases: Account, account: Account
) -> None:
    """Nothing can be checked while Systems Manager is away; the next run continues."""
    with account.suffers(refused="ssm:SendCommand"):
        failed = restored(account)
    assert failed.status != 0
    closed = group(account)
    assert (closed["MinSize"], closed["DesiredCapacity"], closed["Instances"]) == (0, 0, [])
    assert {one["ProcessName"] for one in closed["SuspendedProcesses"]} == {
        *("AlarmNotification", "Launch", "ScheduledActions")
    }

    finished = restored(account)
    assert finished.status == 0, finished.output
    assert f"restore: {DATABASE}" in failed.changed
    assert f"restore: {DATABASE}" not in finished.changed
    opened = group(account)
    assert (opened["MinSize"], len(opened["Instances"])) == (3, 3)
    assert opened["SuspendedProcesses"] == []
    assert running_releases(account) == {"2.0"}


def test_the_restored_database_has_the_place_and_the_settings_of_the_old_one(
    two_releases: Account, account: Account
) -> None:
    (before,) = databases(two_releases).values()
    now = databases(account)[PREFIX]
    same = (
        *("MultiAZ", "DBSubnetGroup", "DBParameterGroups", "VpcSecurityGroups", "Endpoint"),
        *("DeletionProtection", "BackupRetentionPeriod", "EnabledCloudwatchLogsExports"),
        *("PerformanceInsightsEnabled", "MonitoringInterval", "KmsKeyId", "StorageEncrypted"),
        *("DBInstanceClass", "DBName", "MaxAllocatedStorage", "CopyTagsToSnapshot"),
    )
    assert {name: now.get(name) for name in same} == {name: before.get(name) for name in same}
    secret = now["MasterUserSecret"]["SecretArn"]
    assert secret != before["MasterUserSecret"]["SecretArn"]
    policy = account.client("iam").get_role_policy(RoleName=f"{PREFIX}-schema", PolicyName="schema")
    assert secret in str(policy["PolicyDocument"])


def test_the_old_database_is_kept_and_protected(account: Account) -> None:
    (beside,) = [one for name, one in databases(account).items() if name.startswith(BEFORE)]
    assert beside["DeletionProtection"]
    assert databases(account).keys() == {PREFIX, beside["DBInstanceIdentifier"]}


def test_both_go_to_the_moment_of_the_files_copy(account: Account) -> None:
    tags = {one["Key"]: one["Value"] for one in databases(account)[PREFIX]["TagList"]}
    (point,) = copies(account)
    assert datetime.fromisoformat(tags["RestoredTo"]) == point["CreationDate"]


def test_files_are_put_back_before_the_database_is_checked(account: Account) -> None:
    prepared, put_back, checked = commands(account)[-3:]
    (file_system,) = account.all("efs", "describe_file_systems", "FileSystems")
    assert prepared.endswith("/prepare-database")
    assert f"/put-back-files {file_system['FileSystemId']} 20" in put_back
    assert checked.endswith("/check-database")


def test_the_same_again_changes_no_data(account: Account) -> None:
    names = databases(account).keys()
    again = restored(account, restore_what="database", restore_to=mark(account))
    assert again.status == 0, again.output
    assert databases(account).keys() == names


def mark(account: Account) -> str:
    tags = {one["Key"]: one["Value"] for one in databases(account)[PREFIX]["TagList"]}
    return tags["RestoredTo"]
