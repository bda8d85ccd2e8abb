"""What moto's CloudWatch lacks."""

import re
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult


def fill_gaps() -> None:
    # moto stores composite alarms, but cannot create them.
    CloudWatchResponse.put_composite_alarm = _put_composite_alarm
    CloudWatchResponse.put_anomaly_detector = _put_anomaly_detector
    CloudWatchResponse.describe_anomaly_detectors = _describe_anomaly_detectors
    CloudWatchResponse.delete_anomaly_detector = _delete_anomaly_detector
    _delete_composites_one_by_one()


def _put_composite_alarm(response: CloudWatchResponse) -> ActionResult:
    """Refuses a rule about an alarm that does not exist, as AWS does."""
    named = set(re.findall(r'(?:ALARM|OK)\("(.+?)"\)', response._get_param("AlarmRule")))
    missing = named - response.cloudwatch_backend.alarms.keys()
    if missing or not named:
        raise ValueError(f"a rule about alarms that do not stand: {sorted(missing)}")
    return response.put_metric_alarm()


def _delete_composites_one_by_one() -> None:
    """AWS accepts at most one composite alarm per call."""
    delete = CloudWatchBackend.delete_alarms

    def strict(backend: CloudWatchBackend, names: list[str]) -> None:
        composites = [name for name in names if getattr(backend.alarms.get(name), "rule", None)]
        if len(composites) > 1:
            raise ValueError(f"more than one composite alarm to delete: {composites}")
        delete(backend, names)

    CloudWatchBackend.delete_alarms = strict


# moto has no anomaly detectors. These are only stored and returned.
def _detectors(response: CloudWatchResponse) -> dict[str, Any]:
    return vars(response.cloudwatch_backend).setdefault("anomaly_detectors", {})


def _asked(response: CloudWatchResponse) -> dict[str, Any]:
    return dict(response._get_param("SingleMetricAnomalyDetector"))


def _key(detector: dict[str, Any]) -> str:
    return f"{detector['Namespace']}/{detector['MetricName']}/{detector['Stat']}"


def _put_anomaly_detector(response: CloudWatchResponse) -> ActionResult:
    detector = _asked(response)
    _detectors(response)[_key(detector)] = detector
    return EmptyResult()


def _describe_anomaly_detectors(response: CloudWatchResponse) -> ActionResult:
    found = [
        {"SingleMetricAnomalyDetector": one, "StateValue": "TRAINED_INSUFFICIENT_DATA"}
        for one in _detectors(response).values()
        if one["Namespace"] == response._get_param("Namespace")
        and one["MetricName"] == response._get_param("MetricName")
    ]
    return ActionResult({"AnomalyDetectors": found})


def _delete_anomaly_detector(response: CloudWatchResponse) -> ActionResult:
    del _detectors(response)[_key(_asked(response))]
    return EmptyResult()
