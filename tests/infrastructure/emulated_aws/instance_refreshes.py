"""Instance refreshes, which moto lacks.

One instance is replaced when a refresh starts, all others at the next look; or, when an alarm that it
watches is in ALARM by then, the first one is put back. A test says by an alarm's reason, `GOES_OFF`, that
it will go off during the next refresh that watches it.
"""

from typing import Any
from uuid import uuid4

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult

GOES_OFF = "It goes off during the next refresh."


def fill_gaps() -> None:
    AutoScalingResponse.start_instance_refresh = _start
    AutoScalingResponse.describe_instance_refreshes = _describe


def _group(response: AutoScalingResponse) -> FakeAutoScalingGroup:
    name = response._get_param("AutoScalingGroupName")
    groups = response.autoscaling_backend.autoscaling_groups
    if name not in groups:
        raise ValidationError(f"AutoScalingGroup name not found - {name}")
    return groups[name]


def _refreshes(group: FakeAutoScalingGroup) -> list[dict[str, Any]]:
    return vars(group).setdefault("instance_refreshes", [])


def _start(response: AutoScalingResponse) -> ActionResult:
    group = _group(response)
    refresh = {
        "InstanceRefreshId": str(uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "InProgress",
        "PercentageComplete": 0,
        "Preferences": response._get_param("Preferences", {}),
        "DesiredConfiguration": response._get_param("DesiredConfiguration"),
    }
    if not _version(refresh).isdigit():
        raise ValidationError("A refresh with automatic rollback needs a version with a number.")
    if restless := [one.name for one in _alarms(group, refresh) if one.state_value != "OK"]:
        raise ValidationError(f"Alarms that are not OK: {restless}.")
    _refreshes(group).insert(0, refresh)
    _replace(group, _version(refresh), group.instance_states[:1])
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _describe(response: AutoScalingResponse) -> ActionResult:
    group = _group(response)
    asked = response._get_param("InstanceRefreshIds", [])
    for refresh in _refreshes(group):
        if refresh["Status"] == "InProgress":
            _go_on(group, refresh)
    found = [one for one in _refreshes(group) if not asked or one["InstanceRefreshId"] in asked]
    return ActionResult({"InstanceRefreshes": found})


def _go_on(group: FakeAutoScalingGroup, refresh: dict[str, Any]) -> None:
    before = str(group.launch_template_version)
    if any(alarm.state_reason == GOES_OFF for alarm in _alarms(group, refresh)):
        refresh |= {"Status": "RollbackSuccessful", "StatusReason": "An alarm went off."}
        wanted = before
    else:
        refresh |= {"Status": "Successful", "PercentageComplete": 100}
        wanted = _version(refresh)
        group.launch_template_version = group.provided_launch_template_version = wanted
    _replace(
        group,
        wanted,
        [state for state in group.instance_states if state.launch_template["Version"] != wanted],
    )


def _version(refresh: dict[str, Any]) -> str:
    return str(refresh["DesiredConfiguration"]["LaunchTemplate"]["Version"])


def _alarms(group: FakeAutoScalingGroup, refresh: dict[str, Any]) -> list[Any]:
    """The alarms that are watched; each has to exist."""
    backend = group.autoscaling_backend
    standing = cloudwatch_backends[backend.account_id][backend.region_name].alarms
    names = refresh["Preferences"].get("AlarmSpecification", {}).get("Alarms", [])
    for name in names:
        if name not in standing:
            raise ValidationError(f"There is no alarm {name}.")
    return [standing[name] for name in names]


def _replace(group: FakeAutoScalingGroup, version: str, states: list[Any]) -> None:
    kept = group.launch_template_version
    group.autoscaling_backend.ec2_backend.terminate_instances([one.instance_id for one in states])
    group.instance_states = [one for one in group.instance_states if one not in states]
    group.launch_template_version = version
    group.replace_autoscaling_group_instances(len(states), group.get_propagated_tags())
    group.launch_template_version = kept
    group.autoscaling_backend.update_attached_target_groups(group.name)
