#!/usr/bin/python
"""A dashboard, from rows of pictures."""

from __future__ import annotations

DOCUMENTATION = """
module: cloudwatch_dashboard
short_description: Draw a CloudWatch dashboard from rows
description:
  - Each row is a heading and up to four pictures beside each other. Where they stand is reckoned from that.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The dashboard's name.
    type: str
    required: true
  rows:
    description:
      - C(title) and C(pictures). A picture has a C(title) and C(lines), each a list of namespace, metric,
        dimensions, statistic and label; or C(alarms), the ARNs of alarms whose state it shows.
      - C(unit) stands beside a picture's axis.
      - A row with C(each) is drawn once for every value, as in the tables of alarms.
    type: list
    elements: dict
    default: []
  every:
    description: Seconds of one point.
    type: int
    default: 60
  state:
    description: Whether the dashboard stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Draw what people feel
  cloudwatch_dashboard:
    name: hub
    rows:
      - title: People
        pictures:
          - title: How long pages take
            unit: ms
            lines:
              - [MediCareHub, RequestLatency, {Hub: hub}, p95, 95 of 100 pages]
"""

RETURN = """
cloudwatch_dashboard:
  description: The dashboard's body, empty when there is none.
  type: dict
  returned: always
"""

import json
from typing import Any

from ansible.module_utils.alarm_rows import expanded
from ansible.module_utils.hub_resource import Resource, changes, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

WIDTH, HEIGHT, HEADING = 24, 6, 1


def body(rows: list[dict[str, Any]], region: str, every: int) -> dict[str, Any]:
    """The body for CloudWatch's PutDashboard."""
    widgets: list[dict[str, Any]] = []
    top = 0
    for row in expanded(rows):
        heading = {"markdown": f"## {row['title']}"}
        widgets.append({**_place(0, top, WIDTH, HEADING), "type": "text", "properties": heading})
        width = WIDTH // len(row["pictures"])
        for number, picture in enumerate(row["pictures"]):
            widget = {
                "type": "alarm" if "alarms" in picture else "metric",
                "properties": _properties(picture, region, every),
            }
            widgets.append({**_place(number * width, top + HEADING, width, HEIGHT), **widget})
        top += HEADING + HEIGHT
    return {"widgets": widgets}


def _place(left: int, top: int, width: int, height: int) -> dict[str, Any]:
    """The position of a widget on the dashboard."""
    return {"x": left, "y": top, "width": width, "height": height}


def _properties(picture: dict[str, Any], region: str, every: int) -> dict[str, Any]:
    if "alarms" in picture:
        return {"title": picture["title"], "alarms": picture["alarms"]}
    return {
        "title": picture["title"],
        "region": region,
        "view": "timeSeries",
        "period": every,
        "yAxis": {"left": {"min": 0, "label": picture.get("unit", ""), "showUnits": False}},
        "metrics": [_line(*line) for line in picture["lines"]],
    }


def _line(
    namespace: str, metric: str, dimensions: dict[str, str], statistic: str, label: str
) -> list[Any]:
    named = [part for pair in sorted(dimensions.items()) for part in pair]
    return [namespace, metric, *named, {"stat": statistic, "label": label}]


class Dashboard(Resource):
    service = "cloudwatch"
    returned_as = "cloudwatch_dashboard"

    def find(self) -> dict[str, Any] | None:
        try:
            answer = self.client.get_dashboard(DashboardName=self.wanted["name"])
        except is_boto3_error_code(("ResourceNotFound", "DashboardNotFoundError")):
            return None
        return json.loads(answer["DashboardBody"])

    def create(self) -> None:
        self.client.put_dashboard(
            DashboardName=self.wanted["name"], DashboardBody=json.dumps(self._body())
        )

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return changes(found, self._body())

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.create()

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_dashboards(DashboardNames=[self.wanted["name"]])

    def _body(self) -> dict[str, Any]:
        return body(self.wanted["rows"], self.module.region, self.wanted["every"])


if __name__ == "__main__":
    run(
        Dashboard,
        {
            "name": {"type": "str", "required": True},
            "rows": {"type": "list", "elements": "dict", "default": []},
            "every": {"type": "int", "default": 60},
        },
    )
