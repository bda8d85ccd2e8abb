#!/usr/bin/python
"""Flow logs of a VPC."""

from __future__ import annotations

DOCUMENTATION = """
module: flow_log
short_description: Keep a VPC's flow log in CloudWatch Logs
description:
  - Makes or removes the flow log of one VPC. A flow log cannot be changed, so a changed one is replaced.
author: MediCare Hub (@medicare-hub)
options:
  vpc_id:
    description: The VPC whose traffic is logged.
    type: str
    required: true
  log_group_name:
    description: The log group that gets the records. Required when O(state=present).
    type: str
  role_arn:
    description: The role with which the service writes into the log group. Required when O(state=present).
    type: str
  traffic_type:
    description: Which traffic is logged.
    type: str
    choices: [ACCEPT, REJECT, ALL]
    default: ALL
  tags:
    description: Tags of the flow log.
    type: dict
    default: {}
  state:
    description: Whether the flow log stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Log the network's traffic
  flow_log:
    vpc_id: vpc-0123456789abcdef0
    log_group_name: /hub/flow
    role_arn: arn:aws:iam::123456789012:role/hub-flow-log
"""

RETURN = """
flow_log:
  description: The flow log as EC2 describes it, empty when there is none.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, changes, run, tag_specification


class FlowLog(Resource):
    service = "ec2"
    returned_as = "flow_log"

    def find(self) -> dict[str, Any] | None:
        answer = self.client.describe_flow_logs(
            Filters=[{"Name": "resource-id", "Values": [self.wanted["vpc_id"]]}]
        )
        return next(iter(answer["FlowLogs"]), None)

    def create(self) -> None:
        made = self.client.create_flow_logs(
            ResourceIds=[self.wanted["vpc_id"]],
            ResourceType="VPC",
            LogDestinationType="cloud-watch-logs",
            DeliverLogsPermissionArn=self.wanted["role_arn"],
            LogGroupName=self.wanted["log_group_name"],
            TrafficType=self.wanted["traffic_type"],
            TagSpecifications=tag_specification("vpc-flow-log", self.wanted["tags"]),
        )
        # When EC2 refuses a flow log, the call succeeds, and the error is in here.
        for refused in made.get("Unsuccessful", []):
            self.module.fail_json(msg=f"EC2 made no flow log: {refused['Error']['Message']}")

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return changes(
            found,
            {
                "LogGroupName": self.wanted["log_group_name"],
                "DeliverLogsPermissionArn": self.wanted["role_arn"],
                "TrafficType": self.wanted["traffic_type"],
            },
        )

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.delete(found)
        self.create()

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_flow_logs(FlowLogIds=[found["FlowLogId"]])


if __name__ == "__main__":
    run(
        FlowLog,
        {
            "vpc_id": {"type": "str", "required": True},
            "log_group_name": {"type": "str"},
            "role_arn": {"type": "str"},
            "traffic_type": {
                "type": "str",
                "choices": ["ACCEPT", "REJECT", "ALL"],
                "default": "ALL",
            },
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["log_group_name", "role_arn"])],
    )
