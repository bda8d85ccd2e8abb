"""Converts a readable row for an alarm into CloudWatch's parameters. Pure.

A figure is a list: namespace, metric, dimensions, statistic. A row watches one figure (`of`), or several
(`figures`, by name) that `math` combines into one number:

    name: slow
    tells: Pages take more than a second.
    wakes: now | soon | nobody
    of: [MediCareHub, RequestLatency, {Hub: medicare-hub}, p95]
    above: 1000            # or below: …, or below_band: … (standard deviations under what is usual)
    every: 60              # seconds
    for: [3, 5]            # 3 bad values out of 5
    missing: notBreaching  # what no data means
    each: {zone: [a, b]}   # one alarm per value; <zone> in any text is replaced
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]
COMPARISONS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
    "below_band": "LessThanLowerThreshold",
}
PLAIN_STATISTICS = {"Average", "Maximum", "Minimum", "SampleCount", "Sum"}


def expanded(rows: list[Row]) -> Iterator[Row]:
    """The rows, with each row that has `each` replaced by one row per value."""
    for row in rows:
        if "each" not in row:
            yield row
            continue
        (placeholder, values), *_ = row["each"].items()
        rest = {key: value for key, value in row.items() if key != "each"}
        for value in values:
            yield replaced(rest, f"<{placeholder}>", str(value))


def replaced(thing: Any, placeholder: str, value: str) -> Any:
    """`thing` with `value` for the placeholder in all its texts."""
    if isinstance(thing, str):
        return thing.replace(placeholder, value)
    if isinstance(thing, list):
        return [replaced(one, placeholder, value) for one in thing]
    if isinstance(thing, dict):
        return {key: replaced(one, placeholder, value) for key, one in thing.items()}
    return thing


def metric_alarm(row: Row, prefix: str, topics: Mapping[str, str]) -> Row:
    """PutMetricAlarm's parameters."""
    bad, seen = row["for"]
    comparison = next(name for name in COMPARISONS if name in row)
    return {
        **_told(row, prefix, topics),
        "ComparisonOperator": COMPARISONS[comparison],
        "DatapointsToAlarm": bad,
        "EvaluationPeriods": seen,
        "TreatMissingData": row.get("missing", "notBreaching"),
        **_watched(row, comparison),
    }


def composite_alarm(row: Row, prefix: str, topics: Mapping[str, str]) -> Row:
    """PutCompositeAlarm's parameters. In `when`, ALARM(name) means the alarm of this prefix."""
    rule = re.sub(r"\b(ALARM|OK)\(([\w-]+)\)", rf'\1("{prefix}-\2")', " ".join(row["when"].split()))
    return {**_told(row, prefix, topics), "AlarmRule": rule}


def anomaly_detector(row: Row) -> Row:
    """The anomaly detection model for an alarm with a band."""
    namespace, name, dimensions, statistic = row["of"]
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": _dimensions(dimensions),
        "Stat": statistic,
    }


def _told(row: Row, prefix: str, topics: Mapping[str, str]) -> Row:
    actions = [] if row["wakes"] == "nobody" else [topics[row["wakes"]]]
    return {
        "AlarmName": f"{prefix}-{row['name']}",
        "AlarmDescription": " ".join(row["tells"].split()),
        "ActionsEnabled": True,
        "AlarmActions": actions,
        "OKActions": actions,
    }


def _watched(row: Row, comparison: str) -> Row:
    every = row["every"]
    if comparison == "below_band":
        band = f"ANOMALY_DETECTION_BAND(watched, {row['below_band']})"
        queries = [_query("watched", row["of"], every, returned=True), _math("band", band, True)]
        return {"Metrics": queries, "ThresholdMetricId": "band"}
    threshold = {"Threshold": float(row[comparison])}
    if "math" not in row:
        return {**threshold, **_single(row["of"], every)}
    queries = [_query(name, figure, every) for name, figure in sorted(row["figures"].items())]
    return {**threshold, "Metrics": [*queries, _math("result", row["math"], True)]}


def _single(figure: list[Any], every: int) -> Row:
    namespace, name, dimensions, statistic = figure
    kind = "Statistic" if statistic in PLAIN_STATISTICS else "ExtendedStatistic"
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Dimensions": _dimensions(dimensions),
        kind: statistic,
        "Period": every,
    }


def _query(name: str, figure: list[Any], every: int, *, returned: bool = False) -> Row:
    namespace, metric, dimensions, statistic = figure
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": _dimensions(dimensions),
            },
            "Period": every,
            "Stat": statistic,
        },
        "ReturnData": returned,
    }


def _math(name: str, expression: str, returned: bool) -> Row:
    return {"Id": name, "Expression": " ".join(expression.split()), "ReturnData": returned}


def _dimensions(dimensions: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": str(value)} for name, value in sorted(dimensions.items())]
