#!/usr/bin/python
"""AWS shifts a resource away from an unhealthy zone by itself, and practises that every week."""

from __future__ import annotations

DOCUMENTATION = """
module: zonal_autoshift
short_description: Zonal autoshift of a load balancer or an Auto Scaling group, with its practice runs
description:
  - Keeps the practice run configuration that AWS demands, and the autoshift itself enabled.
author: MediCare Hub (@medicare-hub)
options:
  resource_arn:
    description: The load balancer's or the group's ARN. Zonal shift is enabled on it.
    type: str
    required: true
  outcome_alarms:
    description: ARNs of alarms that end a practice run as failed. Required when O(state=present).
    type: list
    elements: str
    default: []
  blocking_alarms:
    description: ARNs of alarms that keep a practice run from beginning.
    type: list
    elements: str
    default: []
  allowed_windows:
    description: When practice runs may begin, in UTC, such as C(Tue:20:00-Tue:22:00). Empty for always.
    type: list
    elements: str
    default: []
  state:
    description: Whether it is enabled.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Turn on zonal autoshift with its practice runs
  zonal_autoshift:
    resource_arn: arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/app/hub/0123456789abcdef
    outcome_alarms: [arn:aws:cloudwatch:eu-west-2:123456789012:alarm:hub-people-suffer]
"""

RETURN = """
zonal_autoshift:
  description: The resource as the service describes it, empty when autoshift is not configured.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import uncovered
from ansible.module_utils.hub_resource import Resource, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

ENABLED = "ENABLED"
PRACTICE = "practiceRunConfiguration"


class Autoshift(Resource):
    service = "arc-zonal-shift"
    returned_as = "zonal_autoshift"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.named = {"resourceIdentifier": self.wanted["resource_arn"]}

    def find(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.client.get_managed_resource(**self.named, aws_retry=True)
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        return found if PRACTICE in found else None

    def _practice(self) -> dict[str, Any]:
        return {
            "outcomeAlarms": _alarms(self.wanted["outcome_alarms"]),
            "blockingAlarms": _alarms(self.wanted["blocking_alarms"]),
            "allowedWindows": self.wanted["allowed_windows"],
        }

    def create(self) -> None:
        self.client.create_practice_run_configuration(**self.named, **self._practice())
        self._enable()

    def _enable(self) -> None:
        self.client.update_zonal_autoshift_configuration(**self.named, zonalAutoshiftStatus=ENABLED)

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        practice = uncovered(found[PRACTICE], self._practice())
        status = uncovered(found, {"zonalAutoshiftStatus": ENABLED})
        return ({PRACTICE: practice} if practice else {}) | status

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        if PRACTICE in differences:
            self.client.update_practice_run_configuration(**self.named, **self._practice())
        if "zonalAutoshiftStatus" in differences:
            self._enable()

    def delete(self, found: dict[str, Any]) -> None:
        """AWS disables the autoshift together with its practice runs."""
        self.client.delete_practice_run_configuration(**self.named)


def _alarms(arns: list[str]) -> list[dict[str, str]]:
    return [{"type": "CLOUDWATCH", "alarmIdentifier": arn} for arn in arns]


if __name__ == "__main__":
    run(
        Autoshift,
        {
            "resource_arn": {"type": "str", "required": True},
            "outcome_alarms": {"type": "list", "elements": "str", "default": []},
            "blocking_alarms": {"type": "list", "elements": "str", "default": []},
            "allowed_windows": {"type": "list", "elements": "str", "default": []},
        },
        required_if=[("state", "present", ["outcome_alarms"])],
    )
