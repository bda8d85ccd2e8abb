#!/usr/bin/python
"""Moves an Auto Scaling group to a numbered template version, a few instances at a time."""

DOCUMENTATION = r"""
module: autoscaling_refresh
short_description: Roll an Auto Scaling group to a launch template version, with rollback
description:
  - Starts an instance refresh with a desired configuration, checkpoints and alarm rollback, which
    M(amazon.aws.autoscaling_instance_refresh) does not know, and waits for its end.
  - Does nothing when the group is at the version and every instance runs it. Waits for a refresh
    that somebody else has started to the same version.
  - Never goes below the healthy instances that there are, and is not held up by those that are ill. AWS's own
    refresh waits until as many are healthy as it is told to keep, which an ill fleet never is.
options:
  group: {description: Name of the group., type: str, required: true}
  launch_template: {description: Name of the launch template., type: str, required: true}
  version:
    description: Number of the version. AWS can't roll back to a version that is a word.
    type: int
    required: true
  preferences: {description: RefreshPreferences under AWS's own names., type: dict, default: {}}
  replaces_others:
    description: Whether a refresh to another version is cancelled. Otherwise it is an error.
    type: bool
    default: false
  hub:
    description:
      - The hub's name. While the refresh is under way, the metric C(UnderWay) of C(MediCareHub/Rollouts) says
        so for it each minute, from which alarms know why one zone may differ from the others.
    type: str
    default: ""
  wait_timeout: {description: Seconds in which it must come to an end., type: int, default: 7200}
  poll_seconds: {description: Seconds between two looks., type: int, default: 15}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: rollout | replace the instances
  autoscaling_refresh:
    group: medicare-hub-production
    launch_template: medicare-hub-production
    version: 7
    preferences: {MinHealthyPercentage: 100, MaxHealthyPercentage: 134, AutoRollback: true}
"""

RETURN = r"""
status: {description: How it ended; V(Unneeded) when there was nothing to do., type: str, returned: always}
alarms_left_out:
  description: Alarms that were not OK at the start, and so no reason to turn back.
  type: list
  elements: str
  returned: when there was something to do
healthy_percent:
  description: How much of the group was healthy at the start.
  type: int
  returned: when there was something to do
percent_complete: {description: How far it came., type: int, returned: when there was something to do}
"""

import time
from contextlib import suppress
from typing import Any

from ansible.module_utils.releases import ENDED, version_of
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

try:
    import botocore
except ImportError:
    botocore = None  # type: ignore[assignment] # AnsibleAWSModule says so kindly

EVERYTHING = 100
TOLD_EVERY_SECONDS = 45.0
ILL = frozenset({"unhealthy", "unhealthy.draining", "unavailable"})
"""Targets in all other states answer, or were not checked yet."""


class Refresh:
    """The group, and the refresh to the version."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.group = module.params["group"]
        self.version = str(module.params["version"])
        self.left_out: list[str] = []
        self.healthy = EVERYTHING
        self.told_at = -TOLD_EVERY_SECONDS
        self.client = module.client("autoscaling", retry_decorator=AWSRetry.jittered_backoff())

    def is_unneeded(self) -> bool:
        group = self.described()
        versions = {version_of(group), *(version_of(one) for one in group["Instances"])}
        latest = self.latest()
        return versions == {self.version} and not (latest and latest["Status"] not in ENDED)

    def described(self) -> dict[str, Any]:
        groups = self.client.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.group], aws_retry=True
        )["AutoScalingGroups"]
        if not groups:
            self.module.fail_json(
                msg=f"There is no Auto Scaling group {self.group}. Run site.yml first."
            )
        return groups[0]

    def latest(self) -> dict[str, Any] | None:
        found = self.client.describe_instance_refreshes(
            AutoScalingGroupName=self.group, MaxRecords=1, aws_retry=True
        )["InstanceRefreshes"]
        return found[0] if found else None

    def start(self) -> str:
        """The id of the running refresh to this version. Starts one if there is none."""
        latest = self.latest()
        if latest and latest["Status"] not in ENDED:
            if version_of(latest.get("DesiredConfiguration", {})) == self.version:
                return latest["InstanceRefreshId"]
            self._make_way(latest["InstanceRefreshId"])
        return self.client.start_instance_refresh(
            AutoScalingGroupName=self.group,
            DesiredConfiguration={
                "LaunchTemplate": {
                    "LaunchTemplateName": self.module.params["launch_template"],
                    "Version": self.version,
                }
            },
            Preferences=self._preferences(),
        )["InstanceRefreshId"]

    def _make_way(self, refresh_id: str) -> None:
        """A cancelled refresh keeps the instances that it has replaced; the next refresh replaces them."""
        if not self.module.params["replaces_others"]:
            self.module.fail_json(
                msg=f"Another release is being rolled out ({refresh_id}). Wait for its end, or take it"
                " back with rollback.yml, and run deploy.yml again."
            )
        self.client.cancel_instance_refresh(AutoScalingGroupName=self.group)
        self.wait(refresh_id)

    def _preferences(self) -> dict[str, Any]:
        """AWS starts no refresh that watches an alarm in ALARM, which it is in the incident to be ended."""
        preferences = dict(self.module.params["preferences"])
        watched = preferences.pop("AlarmSpecification", {}).get("Alarms", [])
        self.left_out = self._not_ok(watched)
        if quiet := [name for name in watched if name not in self.left_out]:
            preferences["AlarmSpecification"] = {"Alarms": quiet}
        self.healthy = self._healthy_percent()
        least = min(int(preferences.get("MinHealthyPercentage", EVERYTHING)), self.healthy)
        most = int(preferences.get("MaxHealthyPercentage", EVERYTHING))
        # AWS allows a difference of at most 100 between the two.
        limits = {"MinHealthyPercentage": least, "MaxHealthyPercentage": min(most, least + 100)}
        return preferences | limits

    def _healthy_percent(self) -> int:
        """The share of wanted instances, rounded down, that the load balancer and the group call healthy."""
        group = self.described()
        in_service = {
            one["InstanceId"]
            for one in group["Instances"]
            if (one["LifecycleState"], one["HealthStatus"]) == ("InService", "Healthy")
        }
        for target_group in group["TargetGroupARNs"]:
            found = self.module.client("elbv2").describe_target_health(TargetGroupArn=target_group)
            in_service -= {
                one["Target"]["Id"]
                for one in found["TargetHealthDescriptions"]
                if one["TargetHealth"]["State"] in ILL
            }
        return EVERYTHING * len(in_service) // max(1, group["DesiredCapacity"])

    def _not_ok(self, names: list[str]) -> list[str]:
        if not names:
            return []
        found = self.module.client("cloudwatch").describe_alarms(
            AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        alarms = found["MetricAlarms"] + found["CompositeAlarms"]
        return sorted(one["AlarmName"] for one in alarms if one["StateValue"] != "OK")

    def wait(self, refresh_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + self.module.params["wait_timeout"]
        while True:
            refresh = self.client.describe_instance_refreshes(
                AutoScalingGroupName=self.group, InstanceRefreshIds=[refresh_id], aws_retry=True
            )["InstanceRefreshes"][0]
            if refresh["Status"] in ENDED:
                return refresh
            self._tell()
            if time.monotonic() > deadline:
                self.module.fail_json(
                    msg=f"The refresh {refresh_id} is still {refresh['Status']} at"
                    f" {refresh.get('PercentageComplete', 0)} %. It goes on by itself; run deploy.yml"
                    " again to wait for it, or cancel it."
                )
            time.sleep(self.module.params["poll_seconds"])

    def _tell(self) -> None:
        """A failure to reach CloudWatch does not stop the run."""
        if not self.module.params["hub"] or time.monotonic() < self.told_at + TOLD_EVERY_SECONDS:
            return
        self.told_at = time.monotonic()
        dimensions = [{"Name": "Hub", "Value": self.module.params["hub"]}]
        under_way = {"MetricName": "UnderWay", "Dimensions": dimensions, "Value": 1}
        with suppress(botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError):
            self.module.client("cloudwatch").put_metric_data(
                Namespace="MediCareHub/Rollouts", MetricData=[under_way]
            )


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "group": {"type": "str", "required": True},
            "launch_template": {"type": "str", "required": True},
            "version": {"type": "int", "required": True},
            "preferences": {"type": "dict", "default": {}},
            "replaces_others": {"type": "bool", "default": False},
            "hub": {"type": "str", "default": ""},
            "wait_timeout": {"type": "int", "default": 7200},
            "poll_seconds": {"type": "int", "default": 15},
        },
        supports_check_mode=True,
    )
    refresh = Refresh(module)
    if refresh.is_unneeded():
        module.exit_json(changed=False, status="Unneeded")
    if module.check_mode:
        module.exit_json(changed=True, status="Pending")
    end = refresh.wait(refresh.start())
    report = {
        "status": end["Status"],
        "percent_complete": end.get("PercentageComplete", 0),
        "alarms_left_out": refresh.left_out,
        "healthy_percent": refresh.healthy,
    }
    if end["Status"] != "Successful":
        module.fail_json(
            msg=f"The release was not rolled out: {end['Status']}. {end.get('StatusReason', '')}"
            " See docs/runbook.md, 'A bad release'.",
            **report,
        )
    module.exit_json(changed=True, **report)


if __name__ == "__main__":
    main()
