#!/usr/bin/python
"""A restore job of AWS Backup, from its start to its end."""

from __future__ import annotations

DOCUMENTATION = """
module: backup_restore
short_description: Restore a recovery point, and wait for the end
description:
  - AWS gives the same job for the same O(token), so a run that was interrupted goes on with it.
author: MediCare Hub (@medicare-hub)
options:
  recovery_point_arn:
    description: What to restore.
    type: str
    required: true
  role_arn:
    description: The role as which AWS Backup does it.
    type: str
    required: true
  metadata:
    description: What AWS Backup must be told, as its guide lists it for the kind of resource.
    type: dict
    required: true
  token:
    description: A name for this restore.
    type: str
    required: true
  wait_timeout:
    description: Seconds in which it must end.
    type: int
    default: 43200
  poll_seconds:
    description: Seconds between two looks.
    type: int
    default: 30
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Bring last night's documents back, beside those that stand
  backup_restore:
    recovery_point_arn: arn:aws:backup:eu-west-2:123456789012:recovery-point:0123
    role_arn: arn:aws:iam::123456789012:role/hub-backups
    metadata: {file-system-id: fs-0123456789abcdef0, newFileSystem: "false"}
    token: "2026-11-30T09:15:00Z"
"""

RETURN = """
began:
  description: When the job began, as ISO 8601 writes it.
  type: str
  returned: always
job_id:
  description: The job.
  type: str
  returned: always
"""

import time
from datetime import UTC
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

RUNNING = frozenset({"PENDING", "RUNNING"})


def ended(module: AnsibleAWSModule, client: Any, job_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + module.params["wait_timeout"]
    while True:
        job: dict[str, Any] = client.describe_restore_job(RestoreJobId=job_id, aws_retry=True)
        if job["Status"] not in RUNNING:
            return job
        if time.monotonic() > deadline:
            module.fail_json(
                msg=f"The restore {job_id} has not ended. Run it again to wait for it."
            )
        time.sleep(module.params["poll_seconds"])


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "recovery_point_arn": {"type": "str", "required": True},
            "role_arn": {"type": "str", "required": True},
            "metadata": {"type": "dict", "required": True},
            "token": {"type": "str", "required": True, "no_log": False},
            "wait_timeout": {"type": "int", "default": 43200},
            "poll_seconds": {"type": "int", "default": 30},
        },
    )
    client = module.client("backup", retry_decorator=AWSRetry.jittered_backoff())
    job_id = client.start_restore_job(
        RecoveryPointArn=module.params["recovery_point_arn"],
        IamRoleArn=module.params["role_arn"],
        Metadata={name: str(value) for name, value in module.params["metadata"].items()},
        IdempotencyToken=module.params["token"],
    )["RestoreJobId"]
    job = ended(module, client, job_id)
    if job["Status"] != "COMPLETED":
        why = job.get("StatusMessage", "")
        module.fail_json(msg=f"The restore {job_id} ended with {job['Status']}: {why}")
    began = job["CreationDate"].astimezone(UTC).isoformat()
    module.exit_json(changed=True, job_id=job_id, began=began)


if __name__ == "__main__":
    main()
