#!/usr/bin/python
"""Restores an instance of RDS, and keeps the one that it replaces."""

from __future__ import annotations

DOCUMENTATION = """
module: rds_restore
short_description: Put a restored DB instance in the place of one that stands, and keep that one beside
description:
  - Restores to a moment or from a snapshot, beside what stands; waits until it is available; then gives the
    one that stands another name and the restored one its name, and with it its address.
  - AWS restores with its own defaults, so everything is named in O(settings).
  - A run that was interrupted is continued by the next; what is in its place already is left alone.
author: MediCare Hub (@medicare-hub)
options:
  identifier:
    description: The instance's name.
    type: str
    required: true
  moment:
    description: What it is brought to, as ISO 8601 writes it in UTC. Either this or O(snapshot).
    type: str
  snapshot:
    description: The identifier or ARN of a snapshot.
    type: str
  settings:
    description: Further parameters of RestoreDBInstanceToPointInTime or RestoreDBInstanceFromDBSnapshot.
    type: dict
    default: {}
  tags:
    description: Tags of the restored instance.
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Bring the database to a quarter past nine
  rds_restore:
    identifier: hub
    moment: "2026-11-30T09:15:00Z"
    settings: {DBSubnetGroupName: hub, DBParameterGroupName: hub, MultiAZ: true}
"""

RETURN = """
beside:
  description: The name of the instance that was replaced, empty when none was in this run.
  type: str
  returned: always
"""

import time
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.hub_resource import tag_list
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

try:
    import botocore
except ImportError:
    botocore = None  # type: ignore[assignment] # AnsibleAWSModule says so kindly

MARK = "RestoredTo"
"""The tag by which a restored instance is known in the next run."""
PATIENCE = {"Delay": 30, "MaxAttempts": 480}
"""Four hours: a restore reads the whole disk."""
RENAMED_SECONDS = 900


class Restore:
    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.wanted = module.params
        self.name = self.wanted["identifier"]
        self.mark = self.wanted["snapshot"] or self.wanted["moment"]
        self.client = module.client("rds", retry_decorator=AWSRetry.jittered_backoff())

    def find(self, name: str) -> dict[str, Any] | None:
        try:
            found = self.client.describe_db_instances(DBInstanceIdentifier=name, aws_retry=True)
        except is_boto3_error_code("DBInstanceNotFound"):
            return None
        instance: dict[str, Any] = found["DBInstances"][0]
        return instance

    def is_restored(self, instance: dict[str, Any] | None) -> bool:
        tags = {one["Key"]: one["Value"] for one in (instance or {}).get("TagList", [])}
        return tags.get(MARK) == self.mark

    def bring(self) -> str:
        """Restores it if needed, and renames it into place. Returns the name of the old one."""
        restored = f"{self.name}-restored"
        standing = self.find(restored)
        if standing and not self.is_restored(standing):
            self.module.fail_json(
                msg=f"{restored} was restored to something else than {self.mark}. Restore to that, or"
                " delete it."
            )
        if not standing:
            self._restore(restored)
        self._wait(restored)
        beside = self._move_aside()
        self._rename(restored, self.name)
        return beside

    def _restore(self, name: str) -> None:
        tags = tag_list(self.wanted["tags"] | {MARK: self.mark})
        settings = {**self.wanted["settings"], "Tags": tags, "ManageMasterUserPassword": True}
        if self.wanted["snapshot"]:
            self.client.restore_db_instance_from_db_snapshot(
                DBInstanceIdentifier=name, DBSnapshotIdentifier=self.wanted["snapshot"], **settings
            )
            return
        self.client.restore_db_instance_to_point_in_time(
            SourceDBInstanceIdentifier=self.name,
            TargetDBInstanceIdentifier=name,
            RestoreTime=datetime.fromisoformat(self.wanted["moment"]),
            **settings,
        )

    def _move_aside(self) -> str:
        if not self.find(self.name):
            return ""  # an interrupted run did it
        beside = f"{self.name}-before-{datetime.now(UTC):%Y%m%d%H%M%S}"
        self._rename(self.name, beside)
        return beside

    def _rename(self, name: str, to: str) -> None:
        self.client.modify_db_instance(
            DBInstanceIdentifier=name, NewDBInstanceIdentifier=to, ApplyImmediately=True
        )
        deadline = time.monotonic() + RENAMED_SECONDS
        while not self.find(to):
            if time.monotonic() > deadline:
                self.module.fail_json(msg=f"{name} is still not called {to}. Run it again.")
            time.sleep(10)
        self._wait(to)

    def _wait(self, name: str) -> None:
        waiter = self.client.get_waiter("db_instance_available")
        waiter.wait(DBInstanceIdentifier=name, WaiterConfig=PATIENCE)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "identifier": {"type": "str", "required": True},
            "moment": {"type": "str"},
            "snapshot": {"type": "str"},
            "settings": {"type": "dict", "default": {}},
            "tags": {"type": "dict", "default": {}},
        },
        required_one_of=[("moment", "snapshot")],
        mutually_exclusive=[("moment", "snapshot")],
        supports_check_mode=True,
    )
    restore = Restore(module)
    if restore.is_restored(restore.find(restore.name)):
        module.exit_json(changed=False, beside="")
    if module.check_mode:
        module.exit_json(changed=True, beside="")
    try:
        beside = restore.bring()
    except (botocore.exceptions.ClientError, botocore.exceptions.WaiterError) as failure:
        module.fail_json_aws(failure, msg=f"{restore.name} could not be restored to {restore.mark}")
    module.exit_json(changed=True, beside=beside)


if __name__ == "__main__":
    main()
