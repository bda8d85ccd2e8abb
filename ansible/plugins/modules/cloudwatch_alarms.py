#!/usr/bin/python
"""All alarms of one prefix, from a table."""

from __future__ import annotations

DOCUMENTATION = """
module: cloudwatch_alarms
short_description: Keep CloudWatch's alarms of one prefix as a table says
description:
  - Makes metric, math, anomaly and composite alarms, and removes those of the prefix that the table lacks.
  - The shape of a row is described in C(module_utils/alarm_rows.py).
author: MediCare Hub (@medicare-hub)
options:
  prefix:
    description: What every alarm's name begins with, without the hyphen after it.
    type: str
    required: true
  alarms:
    description: Rows of alarms on metrics.
    type: list
    elements: dict
    default: []
  composites:
    description: Rows of alarms on alarms, each after those that it names.
    type: list
    elements: dict
    default: []
  topics:
    description: The topic's ARN for each C(wakes) of the rows. C(nobody) has none.
    type: dict
    default: {}
  tags:
    description:
      - Tags of each alarm, given when it is made.
      - An alarm of the prefix with other tags is somebody else's, and left alone, as those of
        C(hub-staging-2) are for C(hub-staging).
    type: dict
    default: {}
  state:
    description: Whether the alarms stand.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Watch how long pages take
  cloudwatch_alarms:
    prefix: hub
    topics:
      now: arn:aws:sns:eu-west-2:123456789012:hub-now
    alarms:
      - name: slow
        tells: Pages take more than a second.
        wakes: now
        of: [MediCareHub, RequestLatency, {Hub: hub}, p95]
        above: 1000
        every: 60
        for: [3, 5]
"""

RETURN = """
cloudwatch_alarms:
  description: The alarms as CloudWatch describes them, by name.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.alarm_rows import (
    anomaly_detector,
    composite_alarm,
    expanded,
    metric_alarm,
)
from ansible.module_utils.aws_shapes import covers, uncovered
from ansible.module_utils.hub_resource import Resource, run, tag_list


class Alarms(Resource):
    service = "cloudwatch"
    returned_as = "cloudwatch_alarms"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        context = self.wanted["prefix"], self.wanted["topics"]
        rows = list(expanded(self.wanted["alarms"]))
        self.metric = [metric_alarm(row, *context) for row in rows]
        self.composite = [
            composite_alarm(row, *context) for row in expanded(self.wanted["composites"])
        ]
        self.detectors = [anomaly_detector(row) for row in rows if "below_band" in row]

    def find(self) -> dict[str, Any] | None:
        pages = self.client.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=f"{self.wanted['prefix']}-",
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        )
        found = {
            alarm["AlarmName"]: alarm
            for page in pages
            for alarm in [*page["MetricAlarms"], *page["CompositeAlarms"]]
        }
        wanted = {alarm["AlarmName"] for alarm in [*self.metric, *self.composite]}
        ours = {n: one for n, one in found.items() if n in wanted or self._is_ours(one)}
        return ours or None

    def _is_ours(self, alarm: dict[str, Any]) -> bool:
        answer = self.client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"], aws_retry=True)
        tags = {tag["Key"]: tag["Value"] for tag in answer["Tags"]}
        return covers(tags, self.wanted["tags"])

    def create(self) -> None:
        self.update({}, self.differences({}))

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """The differences of each alarm; None for an alarm that is not in the table."""
        wanted = {alarm["AlarmName"]: alarm for alarm in [*self.metric, *self.composite]}
        changed = {name: uncovered(found.get(name, {}), alarm) for name, alarm in wanted.items()}
        unusual = [one for one in self.detectors if not self._learns(one)]
        return {
            **{name: items for name, items in changed.items() if items},
            **dict.fromkeys(found.keys() - wanted.keys()),
            **({"anomaly_detectors": unusual} if unusual else {}),
        }

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        for detector in differences.get("anomaly_detectors", []):
            self.client.put_anomaly_detector(SingleMetricAnomalyDetector=detector)
        # CloudWatch accepts few of these per second.
        patiently = {"Tags": tag_list(self.wanted["tags"]), "aws_retry": True}
        for alarm in self.metric:
            if alarm["AlarmName"] in differences:
                self.client.put_metric_alarm(**alarm, **patiently)
        for alarm in self.composite:
            if alarm["AlarmName"] in differences:
                self.client.put_composite_alarm(**alarm, **patiently)
        self._remove([alarm for name, alarm in found.items() if differences.get(name, "") is None])

    def delete(self, found: dict[str, Any]) -> None:
        self._remove(list(found.values()))
        bands = [alarm["Metrics"] for alarm in found.values() if alarm.get("ThresholdMetricId")]
        for watched, *_ in bands:
            metric = watched["MetricStat"]
            self.client.delete_anomaly_detector(
                SingleMetricAnomalyDetector={**metric["Metric"], "Stat": metric["Stat"]}
            )

    def _remove(self, alarms: list[dict[str, Any]]) -> None:
        """CloudWatch deletes one composite alarm per call, and up to a hundred others."""
        for alarm in alarms:
            if "AlarmRule" in alarm:
                self.client.delete_alarms(AlarmNames=[alarm["AlarmName"]])
        others = [alarm["AlarmName"] for alarm in alarms if "AlarmRule" not in alarm]
        for begin in range(0, len(others), 100):
            self.client.delete_alarms(AlarmNames=others[begin : begin + 100])

    def _learns(self, detector: dict[str, Any]) -> bool:
        answer = self.client.describe_anomaly_detectors(
            Namespace=detector["Namespace"],
            MetricName=detector["MetricName"],
            AnomalyDetectorTypes=["SINGLE_METRIC"],
        )
        known = [one.get("SingleMetricAnomalyDetector") for one in answer["AnomalyDetectors"]]
        return any(covers(one, detector) for one in known)


if __name__ == "__main__":
    run(
        Alarms,
        {
            "prefix": {"type": "str", "required": True},
            "alarms": {"type": "list", "elements": "dict", "default": []},
            "composites": {"type": "list", "elements": "dict", "default": []},
            "topics": {"type": "dict", "default": {}},
            "tags": {"type": "dict", "default": {}},
        },
    )
