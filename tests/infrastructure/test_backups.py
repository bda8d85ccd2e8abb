from typing import Any

import pytest

from tests.infrastructure.account import Account

NAME = "medicare-hub-production"


@pytest.fixture
def rules(account: Account) -> dict[str, dict[str, Any]]:
    (plan,) = account.all("backup", "list_backup_plans", "BackupPlansList")
    answer = account.client("backup").get_backup_plan(BackupPlanId=plan["BackupPlanId"])
    return {rule["RuleName"]: rule for rule in answer["BackupPlan"]["Rules"]}


def test_copies_are_kept_for_a_month_and_for_a_year(rules: dict[str, dict[str, Any]]) -> None:
    kept = {name: rule["Lifecycle"]["DeleteAfterDays"] for name, rule in rules.items()}
    assert kept == {"daily": 35, "monthly": 365}


def test_each_copy_goes_to_another_region_too(rules: dict[str, dict[str, Any]]) -> None:
    for rule in rules.values():
        (copy,) = rule["CopyActions"]
        assert ":eu-west-1:" in copy["DestinationBackupVaultArn"]


@pytest.mark.parametrize("region", ["eu-west-2", "eu-west-1"])
def test_vaults_have_keys_of_their_own(account: Account, region: str) -> None:
    vault = account.client("backup", region).describe_backup_vault(BackupVaultName=NAME)
    assert f":kms:{region}:" in vault["EncryptionKeyArn"]


def test_the_database_and_the_files_are_copied(account: Account) -> None:
    backup = account.client("backup")
    (plan,) = account.all("backup", "list_backup_plans", "BackupPlansList")
    named = {"BackupPlanId": plan["BackupPlanId"]}
    (listed,) = backup.list_backup_selections(**named)["BackupSelectionsList"]
    selection = backup.get_backup_selection(**named, SelectionId=listed["SelectionId"])
    copied = {arn.split(":")[2] for arn in selection["BackupSelection"]["Resources"]}
    assert copied == {"rds", "elasticfilesystem"}
