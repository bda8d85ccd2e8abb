"""Zonal autoshift, which moto does not have. It stores the configuration and shifts nothing.

It refuses what AWS refuses: resources that are not enabled for zonal shift, alarms that do not exist, and
autoshift without practice runs.
"""

import json
import re
from typing import Any
from urllib.parse import unquote

from moto.autoscaling.models import autoscaling_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.elbv2.models import elbv2_backends

from tests.infrastructure.emulated_aws._services import answers

Reply = tuple[int, dict[str, Any]]
CONFIGURED: dict[str, dict[str, Any]] = {}
"""Practice runs and autoshift status, by the resource's ARN."""

WINDOW = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun):\d\d:\d\d-\1:\d\d:\d\d")


def fill_gaps() -> None:
    answers("arc-zonal-shift", _answer, keeping=CONFIGURED)


def _answer(method: str, path: str, body: bytes) -> Reply:
    asked = json.loads(body) if body else {}
    arn = asked.pop("resourceIdentifier", None) or unquote(path.partition("/")[2].partition("/")[2])
    if not _is_enabled(arn):
        return _refused(404, "ResourceNotFoundException", f"{arn} is not enabled for zonal shift")
    if path.startswith("/managedresources/"):
        return _status(arn, asked) if method == "PUT" else (200, _described(arn))
    return _practice(method, arn, asked)


def _status(arn: str, asked: dict[str, Any]) -> Reply:
    if arn not in CONFIGURED:
        return _refused(400, "ValidationException", "Autoshift needs a practice run configuration")
    CONFIGURED[arn] |= asked
    return 200, {"resourceIdentifier": arn, **asked}


def _practice(method: str, arn: str, asked: dict[str, Any]) -> Reply:
    if method == "DELETE":
        del CONFIGURED[arn]
        return 200, {"arn": arn, "name": arn, "zonalAutoshiftStatus": "DISABLED"}
    named = asked.get("outcomeAlarms", []) + asked.get("blockingAlarms", [])
    if missing := {one["alarmIdentifier"] for one in named} - _alarms(arn):
        return _refused(400, "ValidationException", f"There are no alarms {sorted(missing)}")
    if wrong := [one for one in asked.get("allowedWindows", []) if not WINDOW.fullmatch(one)]:
        return _refused(400, "ValidationException", f"These are no windows of one day: {wrong}")
    if not asked.get("outcomeAlarms"):
        return _refused(400, "ValidationException", "Practice runs need an outcome alarm")
    status = CONFIGURED.get(arn, {}).get("zonalAutoshiftStatus", "DISABLED")
    CONFIGURED[arn] = {"practiceRunConfiguration": asked, "zonalAutoshiftStatus": status}
    return (201 if method == "POST" else 200), _described(arn)


def _described(arn: str) -> dict[str, Any]:
    return {
        "arn": arn,
        "name": arn,
        "appliedWeights": {},
        "zonalShifts": [],
        **CONFIGURED.get(arn, {}),
    }


def _refused(status: int, code: str, message: str) -> Reply:
    return status, {"__type": code, "code": code, "message": message}


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _alarms(arn: str) -> set[str]:
    standing = cloudwatch_backends[DEFAULT_ACCOUNT_ID][_region(arn)].alarms.values()
    return {alarm.alarm_arn for alarm in standing}


def _is_enabled(arn: str) -> bool:
    if ":loadbalancer/" in arn:
        balancer = elbv2_backends[DEFAULT_ACCOUNT_ID][_region(arn)].load_balancers.get(arn)
        return balancer is not None and balancer.attrs.get("zonal_shift.config.enabled") == "true"
    groups = autoscaling_backends[DEFAULT_ACCOUNT_ID][_region(arn)].autoscaling_groups.values()
    group = next((one for one in groups if one.arn == arn), None)
    policy = vars(group).get("availability_zone_impairment_policy") if group else None
    return bool(policy and policy.get("ZonalShiftEnabled"))
