"""Instance refreshes, which moto lacks.

The start of a refresh replaces one instance. A later request replaces all others; or, when an alarm that
the refresh watches is in ALARM by then, it rolls the first one back. A test sets an alarm's reason to
`GOES_OFF` so that it goes off during the next refresh that watches it. While fewer instances are healthy
than a refresh must keep, it waits, as on AWS. During a refresh, nobody else may change the group's template.
"""

import math
from typing import Any
from uuid import uuid4

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.responses import ActionResult

from tests.infrastructure.emulated_aws.misfortunes import NOW, is_ill

GOES_OFF = "It goes off during the next refresh."
IN_PROGRESS = "InstanceRefreshInProgress"


def fill_gaps() -> None:
    AutoScalingResponse.start_instance_refresh = _start
    AutoScalingResponse.describe_instance_refreshes = _describe
    AutoScalingResponse.cancel_instance_refresh = _cancel
    _keep_the_template_meanwhile()


def _group(response: AutoScalingResponse) -> FakeAutoScalingGroup:
    name = response._get_param("AutoScalingGroupName")
    groups = response.autoscaling_backend.autoscaling_groups
    if name not in groups:
        raise ValidationError(f"AutoScalingGroup name not found - {name}")
    return groups[name]


def _refreshes(group: FakeAutoScalingGroup) -> list[dict[str, Any]]:
    return vars(group).setdefault("instance_refreshes", [])


def _under_way(group: FakeAutoScalingGroup) -> dict[str, Any] | None:
    return next((one for one in _refreshes(group) if one["Status"] == "InProgress"), None)


def _keep_the_template_meanwhile() -> None:
    update = AutoScalingBackend.update_auto_scaling_group

    def update_unless_refreshing(backend: AutoScalingBackend, **options: Any) -> Any:
        group = backend.autoscaling_groups[options["name"]]
        if options["launch_template"] and _under_way(group):
            raise AutoscalingClientError(
                IN_PROGRESS, "The launch template can't be updated during an instance refresh."
            )
        return update(backend, **options)

    AutoScalingBackend.update_auto_scaling_group = update_unless_refreshing


def _start(response: AutoScalingResponse) -> ActionResult:
    group = _group(response)
    if _under_way(group):
        raise AutoscalingClientError(IN_PROGRESS, "An instance refresh is already in progress.")
    refresh = {
        "InstanceRefreshId": str(uuid4()),
        "AutoScalingGroupName": group.name,
        "Status": "InProgress",
        "PercentageComplete": 0,
        "Preferences": response._get_param("Preferences", {}),
        "DesiredConfiguration": response._get_param("DesiredConfiguration"),
    }
    _refuse_what_aws_refuses(refresh)
    if restless := [one.name for one in _alarms(group, refresh) if one.state_value != "OK"]:
        raise ValidationError(f"Alarms that are not OK: {restless}.")
    _refreshes(group).insert(0, refresh)
    vars(group)["looks"] = 0
    if _enough_are_healthy(group, refresh):
        _replace(group, _version(refresh), group.instance_states[:1])
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _refuse_what_aws_refuses(refresh: dict[str, Any]) -> None:
    least, most = _healthy_percentages(refresh)
    if not _version(refresh).isdigit():
        raise ValidationError("A refresh with automatic rollback needs a version with a number.")
    if not (0 <= least <= 100 <= most <= 200 and most - least <= 100):
        raise ValidationError(f"MinHealthyPercentage {least} and MaxHealthyPercentage {most}.")


def _healthy_percentages(refresh: dict[str, Any]) -> tuple[int, int]:
    preferences = refresh["Preferences"]
    return (
        int(preferences.get("MinHealthyPercentage", 90)),
        int(preferences.get("MaxHealthyPercentage", 100)),
    )


def _enough_are_healthy(group: FakeAutoScalingGroup, refresh: dict[str, Any]) -> bool:
    needed = math.ceil(_healthy_percentages(refresh)[0] * (group.desired_capacity or 0) / 100)
    healthy = [one for one in group.instance_states if not is_ill(one.instance)]
    return len(healthy) >= needed


def _describe(response: AutoScalingResponse) -> ActionResult:
    group = _group(response)
    asked = response._get_param("InstanceRefreshIds", [])
    if refresh := _under_way(group):
        _go_on(group, refresh)
    found = [one for one in _refreshes(group) if not asked or one["InstanceRefreshId"] in asked]
    return ActionResult({"InstanceRefreshes": found})


def _cancel(response: AutoScalingResponse) -> ActionResult:
    refresh = _end(_group(response), "Cancelled", "Somebody asked for it.")
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _end(group: FakeAutoScalingGroup, status: str, why: str) -> dict[str, Any]:
    refresh = _under_way(group)
    if refresh is None:
        raise AutoscalingClientError(
            "ActiveInstanceRefreshNotFound", "No instance refresh is active."
        )
    refresh |= {"Status": status, "StatusReason": why}
    return refresh


def _go_on(group: FakeAutoScalingGroup, refresh: dict[str, Any]) -> None:
    watched = _alarms(group, refresh)
    for alarm in watched:
        if alarm.state_reason == GOES_OFF:
            alarm.state_value = "ALARM"
    if any(alarm.state_value == "ALARM" for alarm in watched):
        _end(group, "RollbackSuccessful", "An alarm went off.")
        _bring_to(group, str(group.launch_template_version))
        return
    vars(group)["looks"] += 1
    if not _enough_are_healthy(group, refresh):
        refresh["StatusReason"] = "Waiting for remaining instances to be available."
    elif vars(group)["looks"] >= NOW.looks:
        _bring_to(group, _version(refresh))
        if _enough_are_healthy(group, refresh):
            refresh |= {"Status": "Successful", "PercentageComplete": 100}
            group.launch_template_version = _version(refresh)
            group.provided_launch_template_version = _version(refresh)


def _bring_to(group: FakeAutoScalingGroup, version: str) -> None:
    others = [
        one
        for one in group.instance_states
        if (one.launch_template or {}).get("Version") != version
    ]
    _replace(group, version, others)


def _version(refresh: dict[str, Any]) -> str:
    return str(refresh["DesiredConfiguration"]["LaunchTemplate"]["Version"])


def _version_of(state: Any) -> str:
    return str(state.launch_template["Version"])


def _alarms(group: FakeAutoScalingGroup, refresh: dict[str, Any]) -> list[Any]:
    """The watched alarms; each must exist."""
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
