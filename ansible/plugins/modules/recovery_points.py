#!/usr/bin/python
"""The newest copy that AWS Backup has of something, at or before a moment."""

from __future__ import annotations

DOCUMENTATION = """
module: recovery_points
short_description: Look for the newest recovery point of a resource, at or before a moment
author: MediCare Hub (@medicare-hub)
options:
  resource_arn:
    description: The resource that was copied.
    type: str
    required: true
  vault:
    description: The vault that holds the copies.
    type: str
    required: true
  not_after:
    description: The moment, as ISO 8601 writes it; empty for now.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Look for last night's documents
  recovery_points:
    resource_arn: arn:aws:elasticfilesystem:eu-west-2:123456789012:file-system/fs-0123456789abcdef0
    vault: hub
    not_after: "2026-11-30T09:15:00Z"
"""

RETURN = """
arn:
  description: The recovery point's ARN, empty when there is none.
  type: str
  returned: always
created:
  description: When it was begun, as ISO 8601 writes it; what was written later is not in it for certain.
  type: str
  returned: always
"""

from datetime import UTC, datetime

from ansible.module_utils.aws_shapes import pages
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "resource_arn": {"type": "str", "required": True},
            "vault": {"type": "str", "required": True},
            "not_after": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    wanted = module.params
    until = (
        datetime.fromisoformat(wanted["not_after"]) if wanted["not_after"] else datetime.now(UTC)
    )
    client = module.client("backup", retry_decorator=AWSRetry.jittered_backoff())
    found = pages(
        client,
        "list_recovery_points_by_backup_vault",
        "RecoveryPoints",
        BackupVaultName=wanted["vault"],
        ByResourceArn=wanted["resource_arn"],
    )
    good = [one for one in found if one["Status"] == "COMPLETED" and one["CreationDate"] <= until]
    newest = max(good, key=lambda one: one["CreationDate"], default=None)
    if newest is None:
        module.exit_json(changed=False, arn="", created="")
        raise SystemExit
    created = newest["CreationDate"].astimezone(UTC).isoformat()
    module.exit_json(changed=False, arn=newest["RecoveryPointArn"], created=created)


if __name__ == "__main__":
    main()
