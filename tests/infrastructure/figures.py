"""The figures that alarms and the dashboard use, as they are set in CloudWatch."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.infrastructure.account import REGION, Account

PREFIX = "medicare-hub-production"


@dataclass(frozen=True)
class Figure:
    """A metric somewhere, and which statistic of it; `by` are the names and values of its dimensions."""

    used_by: str
    namespace: str
    name: str
    by: tuple[tuple[str, str], ...]
    statistic: str

    @property
    def dimensions(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.by)


def alarms(
    account: Account, kind: str = "MetricAlarm", *, region: str = REGION
) -> list[dict[str, Any]]:
    pages = account.client("cloudwatch", region).get_paginator("describe_alarms")
    found = pages.paginate(AlarmTypes=[kind], AlarmNamePrefix=f"{PREFIX}-")
    return [alarm for page in found for alarm in page[f"{kind}s"]]


def dashboard(account: Account) -> list[dict[str, Any]]:
    """The dashboard's widgets."""
    answer = account.client("cloudwatch").get_dashboard(DashboardName=PREFIX)
    widgets: list[dict[str, Any]] = json.loads(answer["DashboardBody"])["widgets"]
    return widgets


def figures_of_alarms(account: Account) -> Iterator[Figure]:
    for alarm in alarms(account):
        name = alarm["AlarmName"]
        if "MetricName" in alarm:
            statistic = alarm.get("Statistic") or alarm["ExtendedStatistic"]
            yield _figure(name, alarm, statistic)
        for query in alarm.get("Metrics", []):
            if "MetricStat" in query:
                yield _figure(name, query["MetricStat"]["Metric"], query["MetricStat"]["Stat"])


def _figure(used_by: str, metric: dict[str, Any], statistic: str) -> Figure:
    by = tuple((one["Name"], one["Value"]) for one in metric["Dimensions"])
    return Figure(used_by, metric["Namespace"], metric["MetricName"], by, statistic)


def figures_of_dashboard(account: Account) -> Iterator[Figure]:
    for widget in dashboard(account):
        for namespace, name, *parts, options in widget["properties"].get("metrics", []):
            by = tuple(zip(parts[::2], parts[1::2], strict=True))
            title = widget["properties"]["title"]
            yield Figure(title, namespace, name, by, options["stat"])
