#!/usr/bin/python
"""One instance, in whichever zone it comes up and can be reached."""

from __future__ import annotations

DOCUMENTATION = """
module: instance_in_any_zone
short_description: Start one instance in the first zone in which it can be reached
description:
  - Tries one subnet after the other until an instance runs and reports to Systems Manager. A zone without
    power or room holds nothing up, which M(amazon.aws.ec2_instance) with its one subnet can't do.
  - An instance with this name and these tags that can be reached is used. Others with this name are ended.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The instance's name.
    type: str
    required: true
  subnet_ids:
    description: Subnets in the order in which they are tried.
    type: list
    elements: str
    required: true
  security_group_id:
    description: Its security group. It has no public address.
    type: str
    required: true
  request:
    description: What else RunInstances is asked for, by AWS's own names.
    type: dict
    required: true
  tags:
    description: Tags of the instance and its disks, beside the name.
    type: dict
    default: {}
  reach_timeout:
    description: Seconds in which it must report to Systems Manager, in each zone.
    type: int
    default: 300
  poll_seconds:
    description: Seconds between two looks.
    type: int
    default: 5
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Start it
  instance_in_any_zone:
    name: hub-schema
    subnet_ids: [subnet-0123456789abcdef0, subnet-0123456789abcdef1]
    security_group_id: sg-0123456789abcdef0
    request: {ImageId: ami-0123456789abcdef0, InstanceType: t3.small}
"""

RETURN = """
instance_id:
  description: The instance.
  type: str
  returned: always
passed_over:
  description: The subnets in which none came up, each with its reason.
  type: dict
  returned: always
"""

import time
from typing import Any

from ansible.module_utils.hub_resource import tag_specification
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

NO_ROOM = ["InsufficientInstanceCapacity", "InsufficientFreeAddressesInSubnet", "Unsupported"]
NOT_KNOWN_YET = "InvalidParameterValue"
"""EC2's error for some seconds after an instance profile was created."""
PROFILE_SECONDS = 120


class Instances:
    """Instances with one name, and the subnets for the next one."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.wanted = module.params
        self.tags = {**self.wanted["tags"], "Name": self.wanted["name"]}
        self.ec2 = module.client("ec2", retry_decorator=AWSRetry.jittered_backoff())
        self.ssm = module.client("ssm", retry_decorator=AWSRetry.jittered_backoff())

    def standing(self) -> list[dict[str, Any]]:
        filters = [
            {"Name": "tag:Name", "Values": [self.wanted["name"]]},
            {
                "Name": "instance-state-name",
                "Values": ["pending", "running", "stopping", "stopped"],
            },
        ]
        found = self.ec2.describe_instances(Filters=filters, aws_retry=True)["Reservations"]
        return [one for reservation in found for one in reservation["Instances"]]

    def is_as_wanted(self, instance: dict[str, Any]) -> bool:
        tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
        return all(tags.get(name) == str(value) for name, value in self.tags.items())

    def is_reached(self, instance_id: str) -> bool:
        named = [{"Key": "InstanceIds", "Values": [instance_id]}]
        found = self.ssm.describe_instance_information(Filters=named, aws_retry=True)
        return any(one["PingStatus"] == "Online" for one in found["InstanceInformationList"])

    def is_reached_in_time(self, instance_id: str) -> bool:
        deadline = time.monotonic() + self.wanted["reach_timeout"]
        while not self.is_reached(instance_id):
            if time.monotonic() > deadline:
                return False
            time.sleep(self.wanted["poll_seconds"])
        return True

    def start(self, subnet_id: str) -> str:
        """Its id. Raises ClientError when the subnet has no room."""
        deadline = time.monotonic() + PROFILE_SECONDS
        while True:
            try:
                return self._run(subnet_id)
            except is_boto3_error_code(NOT_KNOWN_YET) as failure:
                profile = "iam instance profile" in str(failure).lower()
                if not profile or time.monotonic() > deadline:
                    raise
                time.sleep(self.wanted["poll_seconds"])

    def _run(self, subnet_id: str) -> str:
        interface = {
            "DeviceIndex": 0,
            "SubnetId": subnet_id,
            "Groups": [self.wanted["security_group_id"]],
            "AssociatePublicIpAddress": False,
            "DeleteOnTermination": True,
        }
        tags = tag_specification("instance", self.tags) + tag_specification("volume", self.tags)
        started = self.ec2.run_instances(
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[interface],
            TagSpecifications=tags,
            **self.wanted["request"],
        )
        return str(started["Instances"][0]["InstanceId"])

    def end(self, instance_id: str) -> None:
        self.ec2.terminate_instances(InstanceIds=[instance_id], aws_retry=True)


def one_that_is_reached(instances: Instances) -> tuple[bool, str, dict[str, str]]:
    """Whether something changed, the instance, and the subnets that failed, with the reason."""
    changed = False
    for found in instances.standing():
        instance_id = found["InstanceId"]
        if instances.is_as_wanted(found) and instances.is_reached(instance_id):
            return changed, instance_id, {}
        instances.end(instance_id)
        changed = True
    passed_over: dict[str, str] = {}
    for subnet_id in instances.wanted["subnet_ids"]:
        try:
            instance_id = instances.start(subnet_id)
        except is_boto3_error_code(NO_ROOM) as failure:
            passed_over[subnet_id] = str(failure)
            continue
        if instances.is_reached_in_time(instance_id):
            return True, instance_id, passed_over
        instances.end(instance_id)
        passed_over[subnet_id] = f"{instance_id} started and never reported to Systems Manager"
    return True, "", passed_over


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "subnet_ids": {"type": "list", "elements": "str", "required": True},
            "security_group_id": {"type": "str", "required": True},
            "request": {"type": "dict", "required": True},
            "tags": {"type": "dict", "default": {}},
            "reach_timeout": {"type": "int", "default": 300},
            "poll_seconds": {"type": "int", "default": 5},
        },
    )
    changed, instance_id, passed_over = one_that_is_reached(Instances(module))
    if not instance_id:
        module.fail_json(
            msg=f"{module.params['name']} came up in no zone: {passed_over}. Look at the last one's console"
            " log, and whether its subnet reaches the ssm and ssmmessages endpoints.",
            passed_over=passed_over,
        )
    module.exit_json(changed=changed, instance_id=instance_id, passed_over=passed_over)


if __name__ == "__main__":
    main()
