import json
from typing import Any

import pytest

from tests.infrastructure.account import Account

PURPOSES = {"database", "files", "secrets", "backups", "images", "logs", "alerts"}


@pytest.fixture
def keys(account: Account) -> dict[str, str]:
    """Key ids by purpose."""
    prefix = "alias/medicare-hub-production-"
    return {
        alias["AliasName"].removeprefix(prefix): alias["TargetKeyId"]
        for alias in account.all("kms", "list_aliases", "Aliases")
        if alias["AliasName"].startswith(prefix)
    }


def test_each_purpose_has_its_own_key(keys: dict[str, str]) -> None:
    assert keys.keys() == PURPOSES
    assert len(set(keys.values())) == len(PURPOSES)


def test_keys_rotate(account: Account, keys: dict[str, str]) -> None:
    kms = account.client("kms")
    assert all(
        kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] for key in keys.values()
    )


def statements(account: Account, key: str) -> list[dict[str, Any]]:
    policy = account.client("kms").get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    found: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return found


def test_services_use_keys_only_for_this_account(account: Account, keys: dict[str, str]) -> None:
    for key in keys.values():
        for statement in statements(account, key):
            if "Service" in statement["Principal"]:
                condition = json.dumps(statement["Condition"])
                assert "123456789012" in condition, statement["Sid"]


def test_no_key_is_open_to_everybody(account: Account, keys: dict[str, str]) -> None:
    for key in keys.values():
        for statement in statements(account, key):
            assert statement["Principal"] not in ("*", {"AWS": "*"})


def test_auto_scaling_may_use_the_key_of_disks(account: Account, keys: dict[str, str]) -> None:
    role = account.client("iam").get_role(RoleName="AWSServiceRoleForAutoScaling")["Role"]["Arn"]
    named = [one["Principal"].get("AWS") for one in statements(account, keys["images"])]
    assert named.count(role) == 2


def test_the_whole_account_is_protected(account: Account) -> None:
    ec2 = account.client("ec2")
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"]
    assert ec2.get_snapshot_block_public_access_state()["State"] == "block-all-sharing"
    policy = account.client("iam").get_account_password_policy()["PasswordPolicy"]
    assert policy["MinimumPasswordLength"] == 16
    assert [
        one["name"] for one in account.all("accessanalyzer", "list_analyzers", "analyzers")
    ] == ["medicare-hub"]
