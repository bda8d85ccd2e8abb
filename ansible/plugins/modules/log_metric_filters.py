#!/usr/bin/python
"""What is counted in a log group."""

from __future__ import annotations

DOCUMENTATION = """
module: log_metric_filters
short_description: Keep the metric filters of a log group as a table says
description:
  - Each filter counts the lines that fit its pattern. Filters that the table lacks are removed.
author: MediCare Hub (@medicare-hub)
options:
  log_group:
    description: The log group's name.
    type: str
    required: true
  namespace:
    description: The namespace of the metrics. Required when O(state=present).
    type: str
  filters:
    description: C(metric), which also names the filter, and C(pattern). Other items of a row are ignored.
    type: list
    elements: dict
    default: []
  state:
    description: Whether there are filters.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Count errors in the portal's log
  log_metric_filters:
    log_group: /hub/portal
    namespace: MediCareHub/Logs
    filters:
      - metric: LogErrors
        pattern: '{ $.level = "ERROR" }'
"""

RETURN = """
log_metric_filters:
  description: The filters as CloudWatch Logs describes them, by name.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages, uncovered
from ansible.module_utils.hub_resource import Resource, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code


class MetricFilters(Resource):
    service = "logs"
    returned_as = "log_metric_filters"

    def find(self) -> dict[str, Any] | None:
        group = self.wanted["log_group"]
        try:
            found = pages(
                self.client, "describe_metric_filters", "metricFilters", logGroupName=group
            )
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        return {one["filterName"]: one for one in found} or None

    def _table(self) -> dict[str, dict[str, Any]]:
        return {
            row["metric"]: self._filter(row["metric"], row["pattern"])
            for row in self.wanted["filters"]
        }

    def _filter(self, metric: str, pattern: str) -> dict[str, Any]:
        transformation = {
            "metricName": metric,
            "metricNamespace": self.wanted["namespace"],
            "metricValue": "1",
            # A minute without such a line counts as zero, not as missing data.
            "defaultValue": 0.0,
        }
        return {
            "filterName": metric,
            "filterPattern": " ".join(pattern.split()),
            "metricTransformations": [transformation],
        }

    def create(self) -> None:
        self.update({}, self.differences({}))

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        table = self._table()
        changed = {name: uncovered(found.get(name, {}), one) for name, one in table.items()}
        return {
            **{name: items for name, items in changed.items() if items},
            **dict.fromkeys(found.keys() - table.keys()),
        }

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        group, table = self.wanted["log_group"], self._table()
        for name, items in differences.items():
            if items is None:
                self.client.delete_metric_filter(logGroupName=group, filterName=name)
            else:
                self.client.put_metric_filter(logGroupName=group, **table[name])

    def delete(self, found: dict[str, Any]) -> None:
        self.update(found, dict.fromkeys(found))


if __name__ == "__main__":
    run(
        MetricFilters,
        {
            "log_group": {"type": "str", "required": True},
            "namespace": {"type": "str"},
            "filters": {"type": "list", "elements": "dict", "default": []},
        },
        required_if=[("state", "present", ["namespace"])],
    )
