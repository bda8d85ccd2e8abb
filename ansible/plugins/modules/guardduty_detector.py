#!/usr/bin/python
"""GuardDuty in one region of an account."""

from __future__ import annotations

DOCUMENTATION = """
module: guardduty_detector
short_description: Let GuardDuty look for intruders
description:
  - An account has one detector in each region. One without these tags is somebody else's, and left alone.
author: MediCare Hub (@medicare-hub)
options:
  features:
    description: What it looks at besides its basic sources.
    type: list
    elements: str
    default: []
  tags:
    description: Tags by which the detector is known as ours.
    type: dict
    required: true
  state:
    description: Whether our detector stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Look for intruders
  guardduty_detector:
    features: [S3_DATA_EVENTS]
    tags: {Project: hub}
"""

RETURN = """
guardduty_detector:
  description: The detector as GuardDuty describes it, with its C(id).
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import covers
from ansible.module_utils.hub_resource import Resource, changes, run


class Detector(Resource):
    service = "guardduty"
    returned_as = "guardduty_detector"

    def find(self) -> dict[str, Any] | None:
        for one in self.client.list_detectors()["DetectorIds"]:
            found = self.client.get_detector(DetectorId=one)
            found.pop("ResponseMetadata", None)
            if self.wanted["state"] == "present" or self._is_ours(found):
                return {**found, "Id": one}
        return None

    def _is_ours(self, found: dict[str, Any]) -> bool:
        return covers(found.get("Tags"), self.wanted["tags"])

    def _settings(self) -> dict[str, Any]:
        features = [{"Name": name, "Status": "ENABLED"} for name in self.wanted["features"]]
        return {"FindingPublishingFrequency": "FIFTEEN_MINUTES", "Features": features}

    def create(self) -> None:
        self.client.create_detector(Enable=True, Tags=self.wanted["tags"], **self._settings())

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        if not self._is_ours(found):
            return {}
        states = {one["Name"]: one["Status"] for one in found.get("Features", [])}
        disabled = [name for name in self.wanted["features"] if states.get(name) != "ENABLED"]
        return {
            **changes(
                found, {"Status": "ENABLED", "FindingPublishingFrequency": "FIFTEEN_MINUTES"}
            ),
            **({"Features": disabled} if disabled else {}),
        }

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.client.update_detector(DetectorId=found["Id"], Enable=True, **self._settings())

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_detector(DetectorId=found["Id"])


if __name__ == "__main__":
    run(
        Detector,
        {
            "features": {"type": "list", "elements": "str", "default": []},
            "tags": {"type": "dict", "required": True},
        },
    )
