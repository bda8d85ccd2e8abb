#!/usr/bin/python
"""A file system of EFS with all that belongs to it."""

from __future__ import annotations

DOCUMENTATION = """
module: efs_file_system
short_description: An encrypted file system with its mount targets, access point and policy
description:
  - Makes, changes or removes a file system of EFS, elastic in throughput, as one whole.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The Name of the file system and its access point, and its creation token.
    type: str
    required: true
  kms_key_id:
    description: The ARN of the key that encrypts it.
    type: str
  subnet_ids:
    description: Subnets that get a mount target, one in each zone.
    type: list
    elements: str
    default: []
  security_group_id:
    description: The security group of the mount targets.
    type: str
  policy:
    description: Who may mount it, and how. C(FILE_SYSTEM_ARN) in it stands for the file system's own ARN.
    type: json
  access_point:
    description: The C(path) that the access point shows as its root, its C(uid), C(gid) and C(permissions).
    type: dict
  automatic_backups:
    description: Whether AWS's own daily backup of file systems is on.
    type: bool
    default: true
  infrequent_after:
    description: When a file that nobody reads moves to cheaper storage, in AWS's words.
    type: str
    default: AFTER_30_DAYS
  keep_files:
    description:
      - Whether O(state=absent) removes only the mount targets, so that the network can go and the files stay.
    type: bool
    default: false
  tags:
    description: Tags of a new file system and access point.
    type: dict
    default: {}
  state:
    description: Whether the file system stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Keep documents in all zones
  efs_file_system:
    name: hub
    kms_key_id: arn:aws:kms:eu-west-2:123456789012:key/0123
    subnet_ids: [subnet-0123456789abcdef0]
    security_group_id: sg-0123456789abcdef0
    policy: "{{ policy }}"
    access_point: {path: /documents, uid: 990, gid: 990, permissions: "0750"}
"""

RETURN = """
efs_file_system:
  description: The file system as EFS describes it, with C(AccessPoint), empty when there is none.
  type: dict
  returned: always
"""

import time
from typing import Any

from ansible.module_utils.efs_mount_targets import MountTargets
from ansible.module_utils.efs_settings import ELASTIC, Settings
from ansible.module_utils.hub_resource import Resource, run, tag_list

SECONDS = 600
NEEDED = ["kms_key_id", "subnet_ids", "security_group_id", "policy", "access_point"]


class EfsFileSystem(Resource):
    service = "efs"
    returned_as = "efs_file_system"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.settings = Settings(self.client, self.wanted)
        self.targets = MountTargets(self.client, self.wanted)

    def find(self) -> dict[str, Any] | None:
        found = self.client.describe_file_systems(CreationToken=self.wanted["name"])["FileSystems"]
        if not found or self._is_only_kept(found[0]):
            return None
        points = self.client.describe_access_points(FileSystemId=found[0]["FileSystemId"])
        return found[0] | {"AccessPoint": next(iter(points["AccessPoints"]), None)}

    def _is_only_kept(self, found: dict[str, Any]) -> bool:
        """Whether only what must be kept is left of the file system."""
        keeping = self.wanted["state"] == "absent" and self.wanted["keep_files"]
        return keeping and not self.targets.of(found["FileSystemId"])

    def create(self) -> None:
        made = self.client.create_file_system(
            CreationToken=self.wanted["name"],
            Encrypted=True,
            KmsKeyId=self.wanted["kms_key_id"],
            ThroughputMode=ELASTIC,
            Backup=self.wanted["automatic_backups"],
            Tags=tag_list(self.wanted["tags"] | {"Name": self.wanted["name"]}),
        )
        self._wait(lambda: (self.find() or made)["LifeCycleState"] == "available")
        found = self.find() or made
        self.update(found, self.differences(found))

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """The changes to make: the name of the method for each, and its argument."""
        needs = {
            "place": self.targets.missing_subnets(found["FileSystemId"]),
            "set": self.settings.differences(found),
            "open": self.wanted["access_point"] if not found["AccessPoint"] else None,
        }
        return {method: argument for method, argument in needs.items() if argument}

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        for method, argument in differences.items():
            getattr(self, f"_{method}")(found["FileSystemId"], argument)

    def _set(self, file_system_id: str, settings: dict[str, Any]) -> None:
        self.settings.update(file_system_id, settings)

    def _place(self, file_system_id: str, subnet_ids: list[str]) -> None:
        self.targets.create(file_system_id, subnet_ids)
        self._wait(lambda: self.targets.states(file_system_id) == {"available"})

    def _open(self, file_system_id: str, point: dict[str, Any]) -> None:
        owner = {"OwnerUid": int(point["uid"]), "OwnerGid": int(point["gid"])}
        self.client.create_access_point(
            ClientToken=self.wanted["name"],
            FileSystemId=file_system_id,
            PosixUser={"Uid": int(point["uid"]), "Gid": int(point["gid"])},
            RootDirectory={
                "Path": point["path"],
                "CreationInfo": owner | {"Permissions": point["permissions"]},
            },
            Tags=tag_list(self.wanted["tags"] | {"Name": self.wanted["name"]}),
        )

    def delete(self, found: dict[str, Any]) -> None:
        file_system_id = found["FileSystemId"]
        self.targets.delete(file_system_id)
        self._wait(lambda: not self.targets.of(file_system_id))
        if self.wanted["keep_files"]:
            return
        if found["AccessPoint"]:
            self.client.delete_access_point(AccessPointId=found["AccessPoint"]["AccessPointId"])
        self.client.delete_file_system(FileSystemId=file_system_id)
        self._wait(lambda: self.find() is None)

    def _wait(self, until: Any) -> None:
        deadline = time.monotonic() + SECONDS
        while not until():
            if time.monotonic() > deadline:
                self.module.fail_json(msg=f"The file system was not ready after {SECONDS} s")
            time.sleep(5)


if __name__ == "__main__":
    run(
        EfsFileSystem,
        {
            "name": {"type": "str", "required": True},
            "kms_key_id": {"type": "str"},
            "subnet_ids": {"type": "list", "elements": "str", "default": []},
            "security_group_id": {"type": "str"},
            "policy": {"type": "json"},
            "access_point": {"type": "dict"},
            "automatic_backups": {"type": "bool", "default": True},
            "infrequent_after": {"type": "str", "default": "AFTER_30_DAYS"},
            "keep_files": {"type": "bool", "default": False},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", NEEDED)],
    )
