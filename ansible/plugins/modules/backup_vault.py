#!/usr/bin/python
"""A vault of AWS Backup, with its lock."""

from __future__ import annotations

DOCUMENTATION = """
module: backup_vault
short_description: A vault for recovery points, encrypted and if wanted locked
description:
  - Makes, locks or removes a vault of AWS Backup.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The vault's name.
    type: str
    required: true
  kms_key_arn:
    description: The key that encrypts it. Required when O(state=present).
    type: str
  lock_days:
    description: Days for which nobody can delete a recovery point. 0 takes a lock off that may be taken off.
    type: int
    default: 0
  lock_final_after_days:
    description: Days after which not even AWS can take the lock off, 3 at least. 0 leaves it removable.
    type: int
    default: 0
  delete_recovery_points:
    description:
      - Whether O(state=absent) deletes what the vault holds. Otherwise only an empty one goes.
      - A lock is taken off first. What a final lock holds can't be deleted, and the module says until when.
    type: bool
    default: false
  tags:
    description: Tags of a new vault.
    type: dict
    default: {}
  state:
    description: Whether the vault stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Keep recovery points for a week at least
  backup_vault:
    name: hub
    kms_key_arn: arn:aws:kms:eu-west-2:123456789012:key/0123
    lock_days: 7
"""

RETURN = """
backup_vault:
  description:
    - The vault as AWS Backup describes it, empty when there is none.
    - C(final) says whether not even AWS can take its lock off any more.
  type: dict
  returned: always
"""

import time
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.hub_resource import Resource, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

EMPTY_AFTER_SECONDS = 600


class BackupVault(Resource):
    service = "backup"
    returned_as = "backup_vault"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.named = {"BackupVaultName": self.wanted["name"]}

    def find(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.client.describe_backup_vault(**self.named)
        # AWS answers "access denied" for a vault that does not exist.
        except is_boto3_error_code(["AccessDeniedException", "ResourceNotFoundException"]):
            return None
        return found | {"Final": "LockDate" in found and found["LockDate"] <= datetime.now(UTC)}

    def create(self) -> None:
        self.client.create_backup_vault(
            **self.named,
            EncryptionKeyArn=self.wanted["kms_key_arn"],
            BackupVaultTags=self.wanted["tags"],
        )
        if self.wanted["lock_days"]:
            self._lock()

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        days = found.get("MinRetentionDays", 0) if found.get("Locked") else 0
        differing = {"lock_days": days} if days != self.wanted["lock_days"] else {}
        ends = self.wanted["lock_days"] > 0 and self.wanted["lock_final_after_days"] > 0
        if bool(found.get("LockDate")) != ends:
            differing["lock_date"] = str(found.get("LockDate", "none"))
        if differing and found["Final"]:
            self.module.fail_json(
                msg=f"The vault's lock of {days} days is final. Set it back to that."
            )
        return differing

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        if found.get("Locked"):
            self._unlock()
        if self.wanted["lock_days"]:
            self._lock()

    def _lock(self) -> None:
        final = self.wanted["lock_final_after_days"]
        self.client.put_backup_vault_lock_configuration(
            **self.named,
            MinRetentionDays=self.wanted["lock_days"],
            **({"ChangeableForDays": final} if final else {}),
        )

    def _unlock(self) -> None:
        self.client.delete_backup_vault_lock_configuration(**self.named)

    def delete(self, found: dict[str, Any]) -> None:
        if self.wanted["delete_recovery_points"] and self._recovery_points():
            if found["Final"]:
                self.module.fail_json(
                    msg=f"Nobody can empty the vault {self.wanted['name']}: its lock is final since "
                    f"{found['LockDate']:%Y-%m-%d}. It can go when its last recovery point has."
                )
            if found.get("Locked"):
                self._unlock()
            self._empty()
        self.client.delete_backup_vault(**self.named)

    def _empty(self) -> None:
        for point in self._recovery_points():
            self.client.delete_recovery_point(
                **self.named, RecoveryPointArn=point["RecoveryPointArn"]
            )
        deadline = time.monotonic() + EMPTY_AFTER_SECONDS
        while self._recovery_points():
            if time.monotonic() > deadline:
                self.module.fail_json(msg="The vault still holds recovery points. Run it again.")
            time.sleep(10)

    def _recovery_points(self) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("list_recovery_points_by_backup_vault")
        return [point for page in pages.paginate(**self.named) for point in page["RecoveryPoints"]]


if __name__ == "__main__":
    run(
        BackupVault,
        {
            "name": {"type": "str", "required": True},
            "kms_key_arn": {"type": "str"},
            "lock_days": {"type": "int", "default": 0},
            "lock_final_after_days": {"type": "int", "default": 0},
            "delete_recovery_points": {"type": "bool", "default": False},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["kms_key_arn"])],
    )
