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
options:
  group: {description: Name of the group., type: str, required: true}
  launch_template: {description: Name of the launch template., type: str, required: true}
  version:
    description: Number of the version. AWS can't roll back to a version that is a word.
    type: int
    required: true
  preferences: {description: RefreshPreferences under AWS's own names., type: dict, default: {}}
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
percent_complete: {description: How far it came., type: int, returned: when there was something to do}
"""

import time

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

ENDED = frozenset({"Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"})


class Refresh:
    """The group, and the refresh that brings it to the version."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.group = module.params["group"]
        self.version = str(module.params["version"])
        self.left_out: list[str] = []
        self.client = module.client("autoscaling", retry_decorator=AWSRetry.jittered_backoff())

    def is_unneeded(self) -> bool:
        groups = self.client.describe_auto_scaling_groups(
            AutoScalingGroupNames=[self.group], aws_retry=True
        )["AutoScalingGroups"]
        if not groups:
            self.module.fail_json(
                msg=f"There is no Auto Scaling group {self.group}. Run site.yml first."
            )
        versions = [self._version_of(groups[0])]
        versions += [self._version_of(instance) for instance in groups[0]["Instances"]]
        return set(versions) == {self.version}

    def latest(self) -> dict | None:
        found = self.client.describe_instance_refreshes(
            AutoScalingGroupName=self.group, MaxRecords=1, aws_retry=True
        )["InstanceRefreshes"]
        return found[0] if found else None

    def start(self) -> str:
        """The id of the refresh under way to this version, started if there is none."""
        latest = self.latest()
        if latest and latest["Status"] not in ENDED:
            if self._version_of(latest.get("DesiredConfiguration", {})) != self.version:
                self.module.fail_json(
                    msg=f"Another release is being rolled out ({latest['InstanceRefreshId']}). Wait for"
                    " its end, or cancel it, and run deploy.yml again."
                )
            return latest["InstanceRefreshId"]
        preferences = self._watching_what_is_quiet(self.module.params["preferences"])
        return self.client.start_instance_refresh(
            AutoScalingGroupName=self.group,
            DesiredConfiguration={
                "LaunchTemplate": {
                    "LaunchTemplateName": self.module.params["launch_template"],
                    "Version": self.version,
                }
            },
            Preferences=preferences,
        )["InstanceRefreshId"]

    def _watching_what_is_quiet(self, preferences: dict) -> dict:
        """AWS starts no refresh that watches an alarm which is on, as it is in the incident to be ended."""
        names = preferences.get("AlarmSpecification", {}).get("Alarms", [])
        if not names:
            return {
                name: value for name, value in preferences.items() if name != "AlarmSpecification"
            }
        found = self.module.client("cloudwatch").describe_alarms(
            AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        alarms = found["MetricAlarms"] + found["CompositeAlarms"]
        loud = {one["AlarmName"] for one in alarms if one["StateValue"] != "OK"}
        if not loud:
            return preferences
        self.left_out = sorted(loud)
        quiet = [name for name in names if name not in loud]
        return self._watching_what_is_quiet(
            {**preferences, "AlarmSpecification": {"Alarms": quiet}}
        )

    def wait(self, refresh_id: str) -> dict:
        deadline = time.monotonic() + self.module.params["wait_timeout"]
        while True:
            refresh = self.client.describe_instance_refreshes(
                AutoScalingGroupName=self.group, InstanceRefreshIds=[refresh_id], aws_retry=True
            )["InstanceRefreshes"][0]
            if refresh["Status"] in ENDED:
                return refresh
            if time.monotonic() > deadline:
                self.module.fail_json(
                    msg=f"The refresh {refresh_id} is still {refresh['Status']} at"
                    f" {refresh.get('PercentageComplete', 0)} %. It goes on by itself; run deploy.yml"
                    " again to wait for it, or cancel it."
                )
            time.sleep(self.module.params["poll_seconds"])

    @staticmethod
    def _version_of(owner: dict) -> str | None:
        return owner.get("LaunchTemplate", {}).get("Version")


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "group": {"type": "str", "required": True},
            "launch_template": {"type": "str", "required": True},
            "version": {"type": "int", "required": True},
            "preferences": {"type": "dict", "default": {}},
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
