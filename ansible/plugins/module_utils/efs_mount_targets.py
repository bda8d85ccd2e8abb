"""The mount targets of an EFS file system: one in the subnet of each zone."""

from __future__ import annotations

from typing import Any


class MountTargets:
    """Mount targets by the parameters of the module efs_file_system. `client` is boto3's for EFS."""

    def __init__(self, client: Any, wanted: dict[str, Any]) -> None:
        self.client = client
        self.wanted = wanted

    def of(self, file_system_id: str) -> list[dict[str, Any]]:
        answer = self.client.describe_mount_targets(FileSystemId=file_system_id)
        targets: list[dict[str, Any]] = answer["MountTargets"]
        return targets

    def states(self, file_system_id: str) -> set[str]:
        return {target["LifeCycleState"] for target in self.of(file_system_id)}

    def missing_subnets(self, file_system_id: str) -> list[str]:
        placed = {target["SubnetId"] for target in self.of(file_system_id)}
        return [subnet for subnet in self.wanted["subnet_ids"] if subnet not in placed]

    def create(self, file_system_id: str, subnet_ids: list[str]) -> None:
        """Requests a target in each subnet, without waiting for them."""
        for subnet_id in subnet_ids:
            self.client.create_mount_target(
                FileSystemId=file_system_id,
                SubnetId=subnet_id,
                SecurityGroups=[self.wanted["security_group_id"]],
            )

    def delete(self, file_system_id: str) -> None:
        """Requests the deletion of all targets, without waiting for it."""
        for target in self.of(file_system_id):
            self.client.delete_mount_target(MountTargetId=target["MountTargetId"])
