#!/usr/bin/python
"""A database of RDS, as an instance or as a Multi-AZ cluster."""

from __future__ import annotations

DOCUMENTATION = """
module: rds_database
short_description: A database of RDS whose master password nobody knows
description:
  - Makes, changes or removes a DB instance or a Multi-AZ DB cluster.
  - RDS makes the master password, keeps it in Secrets Manager and changes it regularly.
author: MediCare Hub (@medicare-hub)
options:
  identifier:
    description: The name of instance or cluster.
    type: str
    required: true
  topology:
    description: One instance, with a standby when C(MultiAZ), or a cluster with two readers.
    type: str
    choices: [instance, cluster]
    default: instance
  settings:
    description:
      - What CreateDBInstance or CreateDBCluster is asked for, by AWS's own names.
      - What can be changed later is kept as listed here. A disk that grew by itself is left as it is.
    type: dict
    default: {}
  restart:
    description:
      - Whether a database whose parameters wait for a restart is restarted.
      - An instance with a standby fails over to it.
      - Otherwise C(waits_for_restart) says so.
    type: bool
    default: false
  final_snapshot:
    description: Whether a snapshot is left when the database is removed.
    type: bool
    default: true
  tags:
    description: Tags of a new database.
    type: dict
    default: {}
  state:
    description: Whether the database stands. Removal also lifts its protection against deletion.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Keep the hospital's data
  rds_database:
    identifier: hub
    settings:
      Engine: mysql
      EngineVersion: "8.4"
      DBInstanceClass: db.m7g.large
      AllocatedStorage: 100
      MultiAZ: true
"""

RETURN = """
rds_database:
  description:
    - The database as RDS describes it, empty when there is none.
    - C(waits_for_restart) says whether changed parameters hold only after a restart.
  type: dict
  returned: always
"""

import time
from typing import Any

from ansible.module_utils.hub_resource import Resource, changes, run, tag_list
from ansible.module_utils.rds_shapes import (
    by_the_names_of_requests,
    changed_exports,
    waits_for_restart,
)
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

FIXED = {
    "DBName",
    "DBSubnetGroupName",
    "DatabaseName",
    "Engine",
    "KmsKeyId",
    "MasterUsername",
    "StorageEncrypted",
}
"""Parameters that only restoring a snapshot can change."""

MADE_ONCE = {
    "AvailabilityZones",
    "MasterUserSecretKmsKeyId",
    "PerformanceInsightsKMSKeyId",
    "Port",
}
"""Parameters that are only used at creation and not compared later."""


class RdsDatabase(Resource):
    service = "rds"
    returned_as = "rds_database"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.kind = "cluster" if self.wanted["topology"] == "cluster" else "instance"
        self.thing = f"DB{self.kind.capitalize()}"
        self.named = {f"{self.thing}Identifier": self.wanted["identifier"]}

    def find(self) -> dict[str, Any] | None:
        try:
            answer = self._call("describe_db_{}s", **self.named)
        except is_boto3_error_code(["DBInstanceNotFound", "DBClusterNotFoundFault"]):
            return None
        found: dict[str, Any] = answer[f"{self.thing}s"][0]
        return found | {"WaitsForRestart": waits_for_restart(found)}

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        answer: dict[str, Any] = getattr(self.client, operation.format(self.kind))(**arguments)
        return answer

    def create(self) -> None:
        self._call(
            "create_db_{}",
            **self.named,
            ManageMasterUserPassword=True,
            Tags=tag_list(self.wanted["tags"]),
            **self.wanted["settings"],
        )
        self._wait("available")

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        wanted = {n: v for n, v in self.wanted["settings"].items() if n not in MADE_ONCE}
        differing = changes(by_the_names_of_requests(found, wanted), wanted)
        if impossible := sorted(FIXED & differing.keys()):
            self.module.fail_json(
                msg=f"{', '.join(impossible)} of a database can't be changed. Set it back to what stands, "
                "or restore a snapshot with the new value under another identifier."
            )
        restarts = self.wanted["restart"] and found["WaitsForRestart"]
        return differing | ({"restart": True} if restarts else {})

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        arguments = dict(differences)
        if arguments.pop("restart", False):
            self._restart(found)
        if not arguments:
            return
        if "EnableCloudwatchLogsExports" in arguments:
            arguments["CloudwatchLogsExportConfiguration"] = changed_exports(
                found.get("EnabledCloudwatchLogsExports", []),
                arguments.pop("EnableCloudwatchLogsExports"),
            )
        self._call("modify_db_{}", **self.named, ApplyImmediately=True, **arguments)
        self._wait("available")

    def _restart(self, found: dict[str, Any]) -> None:
        failover = {"ForceFailover": True} if self.kind == "instance" and found["MultiAZ"] else {}
        self._call("reboot_db_{}", **self.named, **failover)
        self._wait("available")

    def delete(self, found: dict[str, Any]) -> None:
        if found["DeletionProtection"]:
            self._call(
                "modify_db_{}", **self.named, DeletionProtection=False, ApplyImmediately=True
            )
            self._wait("available")
        snapshot = f"{self.wanted['identifier']}-final-{time.strftime('%Y%m%d%H%M%S')}"
        self._call(
            "delete_db_{}",
            **self.named,
            SkipFinalSnapshot=not self.wanted["final_snapshot"],
            **({"FinalDBSnapshotIdentifier": snapshot} if self.wanted["final_snapshot"] else {}),
        )
        self._wait("deleted")

    def _wait(self, state: str) -> None:
        self.client.get_waiter(f"db_{self.kind}_{state}").wait(
            **self.named, WaiterConfig={"Delay": 30, "MaxAttempts": 120}
        )


if __name__ == "__main__":
    run(
        RdsDatabase,
        {
            "identifier": {"type": "str", "required": True},
            "topology": {
                "type": "str",
                "choices": ["instance", "cluster"],
                "default": "instance",
            },
            "settings": {"type": "dict", "default": {}},
            "restart": {"type": "bool", "default": False},
            "final_snapshot": {"type": "bool", "default": True},
            "tags": {"type": "dict", "default": {}},
        },
    )
