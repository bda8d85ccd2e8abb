#!/usr/bin/python
"""AWS Config in one region of an account."""

from __future__ import annotations

DOCUMENTATION = """
module: config_recording
short_description: Let AWS Config remember every change and judge it by rules
description:
  - Makes the recorder, its delivery into a bucket, and managed rules. Rules that the table lacks go.
  - An account has one recorder in each region. One of another name is somebody else's, and left alone.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The recorder's name, with which each rule's name begins.
    type: str
    required: true
  role_arn:
    description: AWS Config's own service-linked role. Required when O(state=present).
    type: str
  bucket:
    description: The bucket that gets the history. Required when O(state=present).
    type: str
  kms_key_arn:
    description: The key of what is delivered.
    type: str
  rules:
    description: C(name), C(identifier) of the managed rule, and its C(parameters) if it takes any.
    type: list
    elements: dict
    default: []
  tags:
    description: Tags of each rule, given when it is made.
    type: dict
    default: {}
  state:
    description: Whether our recorder stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Remember every change
  config_recording:
    name: hub
    role_arn: arn:aws:iam::123456789012:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig
    bucket: hub-trail
    rules:
      - {name: disks-encrypted, identifier: ENCRYPTED_VOLUMES}
"""

RETURN = """
config_recording:
  description: The recorder, its delivery and its rules by name; empty when the recorder is somebody else's.
  type: dict
  returned: always
"""

import json
import time
from typing import Any

from ansible.module_utils.aws_shapes import covers, pages, uncovered
from ansible.module_utils.hub_resource import Resource, run, tag_list
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

EVERYTHING = {"allSupported": True, "includeGlobalResourceTypes": True}
ROLE_SECONDS = 180
"""The time that AWS Config may need until its new role can write to the bucket."""
SOMEBODY_ELSES: dict[str, Any] = {"recorder": None}


class Recording(Resource):
    service = "config"
    returned_as = "config_recording"

    def find(self) -> dict[str, Any] | None:
        recorders = self.client.describe_configuration_recorders()["ConfigurationRecorders"]
        ours = next((one for one in recorders if one["name"] == self.wanted["name"]), None)
        if ours is None:
            present = self.wanted["state"] == "present"
            return SOMEBODY_ELSES if recorders and present else None
        channels = self.client.describe_delivery_channels()["DeliveryChannels"]
        (status,) = self.client.describe_configuration_recorder_status(
            ConfigurationRecorderNames=[ours["name"]]
        )["ConfigurationRecordersStatus"]
        return {
            "recorder": ours,
            "delivery": next(iter(channels), {}),
            "recording": status["recording"],
            "rules": self._rules_found(),
        }

    def _rules_found(self) -> dict[str, Any]:
        rules = pages(self.client, "describe_config_rules", "ConfigRules")
        prefix = f"{self.wanted['name']}-"
        return {
            one["ConfigRuleName"]: one for one in rules if one["ConfigRuleName"].startswith(prefix)
        }

    def _recorder(self) -> dict[str, Any]:
        return {
            "name": self.wanted["name"],
            "roleARN": self.wanted["role_arn"],
            "recordingGroup": EVERYTHING,
        }

    def _delivery(self) -> dict[str, Any]:
        delivery = {
            "name": self.wanted["name"],
            "s3BucketName": self.wanted["bucket"],
            "s3KmsKeyArn": self.wanted["kms_key_arn"],
            "configSnapshotDeliveryProperties": {"deliveryFrequency": "TwentyFour_Hours"},
        }
        return {name: value for name, value in delivery.items() if value}

    def _rules(self) -> dict[str, Any]:
        return {
            f"{self.wanted['name']}-{row['name']}": {
                "ConfigRuleName": f"{self.wanted['name']}-{row['name']}",
                "Source": {"Owner": "AWS", "SourceIdentifier": row["identifier"]},
                "InputParameters": json.dumps(
                    {name: str(value) for name, value in row.get("parameters", {}).items()},
                    sort_keys=True,
                ),
            }
            for row in self.wanted["rules"]
        }

    def create(self) -> None:
        self.client.put_configuration_recorder(ConfigurationRecorder=self._recorder())
        self._deliver()
        self.client.start_configuration_recorder(ConfigurationRecorderName=self.wanted["name"])
        self._put(self._rules())

    def _deliver(self) -> None:
        deadline = time.monotonic() + ROLE_SECONDS
        while True:
            try:
                self.client.put_delivery_channel(DeliveryChannel=self._delivery())
                return
            except is_boto3_error_code("InsufficientDeliveryPolicyException"):
                if time.monotonic() > deadline:
                    raise
                time.sleep(5)

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        if found is SOMEBODY_ELSES:
            return {}
        wanted = {
            "recorder": self._recorder(),
            "delivery": self._delivery(),
            "recording": True,
        }
        rules = {
            name: uncovered(_comparable(found["rules"].get(name, {})), _comparable(rule))
            for name, rule in self._rules().items()
        }
        rules = {name: items for name, items in rules.items() if items}
        gone = dict.fromkeys(found["rules"].keys() - self._rules().keys())
        changed = {name: part for name, part in wanted.items() if not covers(found[name], part)}
        return {**changed, **({"rules": {**rules, **gone}} if rules or gone else {})}

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        if "recorder" in differences:
            self.client.put_configuration_recorder(ConfigurationRecorder=self._recorder())
        if "delivery" in differences:
            self._deliver()
        if "recording" in differences:
            self.client.start_configuration_recorder(ConfigurationRecorderName=self.wanted["name"])
        changed = differences.get("rules", {})
        self._put({name: rule for name, rule in self._rules().items() if name in changed})
        self._remove([name for name, items in changed.items() if items is None])

    def delete(self, found: dict[str, Any]) -> None:
        self._remove(list(found["rules"]))
        self.client.stop_configuration_recorder(ConfigurationRecorderName=self.wanted["name"])
        if found["delivery"]:
            self.client.delete_delivery_channel(DeliveryChannelName=found["delivery"]["name"])
        self.client.delete_configuration_recorder(ConfigurationRecorderName=self.wanted["name"])

    def _put(self, rules: dict[str, Any]) -> None:
        for rule in rules.values():
            self.client.put_config_rule(ConfigRule=rule, Tags=tag_list(self.wanted["tags"]))

    def _remove(self, names: list[str]) -> None:
        for name in names:
            self.client.delete_config_rule(ConfigRuleName=name)


def _comparable(rule: dict[str, Any]) -> dict[str, Any]:
    """Parameters are JSON in a string, in which spaces and order do not matter."""
    return {**rule, "InputParameters": json.loads(rule.get("InputParameters") or "{}")}


if __name__ == "__main__":
    run(
        Recording,
        {
            "name": {"type": "str", "required": True},
            "role_arn": {"type": "str"},
            "bucket": {"type": "str"},
            "kms_key_arn": {"type": "str"},
            "rules": {"type": "list", "elements": "dict", "default": []},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["role_arn", "bucket"])],
    )
