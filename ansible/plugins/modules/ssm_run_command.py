#!/usr/bin/python
"""Runs a command on an instance through Systems Manager, and waits for its end."""

DOCUMENTATION = r"""
module: ssm_run_command
short_description: Run a shell command on one instance
description:
  - Waits until the instance has reported to Systems Manager, sends the command, waits for its end and
    fails with what it wrote when its exit status isn't 0. Always changed.
options:
  instance_id: {description: Where., type: str, required: true}
  command: {description: What., type: str, required: true}
  reach_timeout: {description: Seconds for the instance to report., type: int, default: 600}
  wait_timeout: {description: Seconds for the command to end., type: int, default: 1800}
  poll_seconds: {description: Seconds between two looks., type: int, default: 5}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | migrate the database
  ssm_run_command:
    instance_id: i-0123456789abcdef0
    command: systemctl start --wait portal-migrate.service
"""

RETURN = r"""
output: {description: The end of what the command wrote., type: str, returned: always}
"""

import time
from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

RUNNING = frozenset({"Pending", "InProgress", "Delayed", "Cancelling"})


class Command:
    """One command on one instance."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.instance_id = module.params["instance_id"]
        self.client = module.client("ssm", retry_decorator=AWSRetry.jittered_backoff())

    def send(self) -> str:
        """The command's id. Systems Manager does not know a new instance until its agent reports."""
        deadline = time.monotonic() + self.module.params["reach_timeout"]
        while True:
            try:
                sent = self.client.send_command(
                    InstanceIds=[self.instance_id],
                    DocumentName="AWS-RunShellScript",
                    Parameters={
                        "commands": [self.module.params["command"]],
                        "executionTimeout": [str(self.module.params["wait_timeout"])],
                    },
                )
                return sent["Command"]["CommandId"]
            except is_boto3_error_code("InvalidInstanceId"):
                if time.monotonic() > deadline:
                    self.module.fail_json(
                        msg=f"{self.instance_id} has not reported to Systems Manager. Look at its console"
                        " log, and whether its subnet reaches the ssm, ssmmessages and ec2messages endpoints."
                    )
            time.sleep(self.module.params["poll_seconds"])

    def wait(self, command_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + self.module.params["wait_timeout"]
        while True:
            found = self._invocation(command_id)
            if found and found["Status"] not in RUNNING:
                return found
            if time.monotonic() > deadline:
                self.module.fail_json(
                    msg=f"The command {command_id} has not ended. Look at it, then run again."
                )
            time.sleep(self.module.params["poll_seconds"])

    def _invocation(self, command_id: str) -> dict[str, Any] | None:
        try:
            return self.client.get_command_invocation(
                CommandId=command_id, InstanceId=self.instance_id, aws_retry=True
            )
        except is_boto3_error_code("InvocationDoesNotExist"):
            # For a moment after the command was sent.
            return None


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "instance_id": {"type": "str", "required": True},
            "command": {"type": "str", "required": True},
            "reach_timeout": {"type": "int", "default": 600},
            "wait_timeout": {"type": "int", "default": 1800},
            "poll_seconds": {"type": "int", "default": 5},
        },
    )
    command = Command(module)
    end = command.wait(command.send())
    output = (end.get("StandardOutputContent", "") + end.get("StandardErrorContent", ""))[-4000:]
    if end["Status"] != "Success":
        module.fail_json(msg=f"The command ended with {end['Status']}:\n{output}", output=output)
    module.exit_json(changed=True, output=output)


if __name__ == "__main__":
    main()
