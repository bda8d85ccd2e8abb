"""A staging hospital with a locked vault: one teardown keeps its data, the next keeps its locked copies."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.conftest import LEAVING_NOTHING
from tests.infrastructure.playbooks import Run, play

NAME = "medicare-hub-staging"
COPIES_IN = "eu-west-1"
LOCKED = {"backups_lock_days": 7, "hub_copy_region": COPIES_IN}
FOR_GOOD = LOCKED | {"backups_lock_final_after_days": 3}
KEEPING_DATA = LEAVING_NOTHING | {"hub_keep_data": True}

DATA = {
    f"backup {COPIES_IN} recovery_points",
    f"backup {COPIES_IN} vaults",
    "backup eu-west-2 recovery_points",
    "backup eu-west-2 vaults",
    "cognitoidp eu-west-2 user_pools",
    "efs eu-west-2 access_points",
    "efs eu-west-2 creation_tokens",
    "efs eu-west-2 file_systems_by_id",
    "iam aws roles",
    f"kms {COPIES_IN} keys",
    "kms eu-west-2 keys",
    "rds eu-west-2 database_snapshots",
    "s3 aws buckets",
}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with empty_account() as account:
        yield account


def played(playbook: str, account: Account, **settings: Any) -> Run:
    run = play(playbook, account, inventory="staging", **settings)
    assert run.status == 0, run.output
    return run


def copy_the_documents(account: Account, region: str) -> None:
    """What a plan of AWS Backup does every night."""
    (file_system,) = account.all("efs", "describe_file_systems", "FileSystems")
    account.client("backup", region).start_backup_job(
        BackupVaultName=NAME,
        ResourceArn=file_system["FileSystemArn"],
        IamRoleArn=f"arn:aws:iam::123456789012:role/{NAME}-backups",
        Lifecycle={"DeleteAfterDays": 35},
    )


def test_a_teardown_can_keep_the_data(account: Account) -> None:
    played("site", account, **LOCKED)
    for region in ("eu-west-2", COPIES_IN):
        copy_the_documents(account, region)
    before = account.made()
    played("teardown", account, **KEEPING_DATA, **LOCKED)
    kept = account.made()
    assert {line.rpartition(" ")[0] for line in kept} == DATA
    assert len([line for line in kept if line.startswith("kms eu-west-2 keys")]) == 4
    (snapshot,) = kept - before
    assert f" {NAME}-final-" in snapshot


def test_everything_is_built_around_the_data_that_was_kept(account: Account) -> None:
    kept = account.made()
    built = played("site", account, **FOR_GOOD)
    assert "backups: present | Create the vault" in built.changed  # its lock is to be final now
    assert kept < account.made()
    assert played("site", account, **FOR_GOOD).changed == []


def test_only_copies_under_a_final_lock_stay(account: Account) -> None:
    account.let_days_pass(4)
    gone = played("teardown", account, **LEAVING_NOTHING, **FOR_GOOD)
    for region in ("eu-west-2", COPIES_IN):
        assert f"EXCEPT FOR the vault {NAME} in {region}" in gone.output
    left = sorted(line.rpartition(" ")[0] for line in account.made())
    # Copies of the database have its own key, those of the documents the vault's.
    of_locked_vaults = {line for line in DATA if line.startswith(("backup ", "iam ", "kms "))}
    assert left == sorted([*of_locked_vaults, "kms eu-west-2 keys"])


def test_nothing_is_left_once_the_last_copy_is_over(account: Account) -> None:
    account.let_days_pass(35)
    played("teardown", account, **LEAVING_NOTHING, **FOR_GOOD)
    assert sorted(account.made()) == []
