"""The settings of an existing file system: its policy, lifecycle, backup and throughput."""

from __future__ import annotations

import json
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

ELASTIC = "elastic"
ARN = "FILE_SYSTEM_ARN"
"""The placeholder for the file system's ARN in a policy."""


class Settings:
    """Settings by the parameters of the module efs_file_system. `client` is boto3's for EFS."""

    def __init__(self, client: Any, wanted: dict[str, Any]) -> None:
        self.client = client
        self.wanted = wanted

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """The settings to change: the name of the method for each, and its argument."""
        needs = {
            "guard": self._policy(found) if self._policy_differs(found) else None,
            "age": self._lifecycle() if self._lifecycle_differs(found) else None,
            "back_up": self._backup() if self._backup_differs(found) else None,
            "speed": ELASTIC if found["ThroughputMode"] != ELASTIC else None,
        }
        return {method: argument for method, argument in needs.items() if argument}

    def update(self, file_system_id: str, differences: dict[str, Any]) -> None:
        for method, argument in differences.items():
            getattr(self, f"_{method}")(file_system_id, argument)

    def _policy(self, found: dict[str, Any]) -> str:
        policy: str = self.wanted["policy"]
        return policy.replace(ARN, found["FileSystemArn"])

    def _policy_differs(self, found: dict[str, Any]) -> bool:
        try:
            standing = self.client.describe_file_system_policy(FileSystemId=found["FileSystemId"])
        except is_boto3_error_code("PolicyNotFound"):
            return True
        return bool(json.loads(standing["Policy"]) != json.loads(self._policy(found)))

    def _guard(self, file_system_id: str, policy: str) -> None:
        self.client.put_file_system_policy(FileSystemId=file_system_id, Policy=policy)

    def _lifecycle(self) -> list[dict[str, str]]:
        return [
            {"TransitionToIA": self.wanted["infrequent_after"]},
            {"TransitionToPrimaryStorageClass": "AFTER_1_ACCESS"},
        ]

    def _lifecycle_differs(self, found: dict[str, Any]) -> bool:
        standing = self.client.describe_lifecycle_configuration(FileSystemId=found["FileSystemId"])
        return bool(standing["LifecyclePolicies"] != self._lifecycle())

    def _age(self, file_system_id: str, policies: list[dict[str, str]]) -> None:
        self.client.put_lifecycle_configuration(
            FileSystemId=file_system_id, LifecyclePolicies=policies
        )

    def _backup(self) -> str:
        return "ENABLED" if self.wanted["automatic_backups"] else "DISABLED"

    def _backup_differs(self, found: dict[str, Any]) -> bool:
        try:
            policy = self.client.describe_backup_policy(FileSystemId=found["FileSystemId"])
        except is_boto3_error_code("PolicyNotFound"):
            return bool(self.wanted["automatic_backups"])
        # AWS answers ENABLING and DISABLING for a while.
        return bool(policy["BackupPolicy"]["Status"][:5] != self._backup()[:5])

    def _back_up(self, file_system_id: str, status: str) -> None:
        self.client.put_backup_policy(FileSystemId=file_system_id, BackupPolicy={"Status": status})

    def _speed(self, file_system_id: str, mode: str) -> None:
        self.client.update_file_system(FileSystemId=file_system_id, ThroughputMode=mode)
