"""Baking and rolling out, as an operator does it, in the account with the whole platform."""

from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.conftest import Story
from tests.infrastructure.emulated_aws.instance_refreshes import GOES_OFF
from tests.infrastructure.fleets import group, refreshes, running_releases
from tests.infrastructure.playbooks import Run, play

PREFIX = "medicare-hub-production"
ALARM = f"{PREFIX}-server-errors"


@pytest.fixture(scope="module")
def releases(released: Story, two_releases: Account) -> Story:
    """These tests change the account, after others have made their copies of it."""
    return released


def images(account: Account) -> list[dict[str, Any]]:
    return account.all("ec2", "describe_images", "Images", Owners=["self"])


def test_a_release_is_baked_once(releases: Story) -> None:
    assert any(change.startswith("image: ") for change in releases.runs["bake 1"].changed)
    assert releases.runs["second bake 1"].changed == []


def test_images_are_encrypted_and_tell_their_release(releases: Story) -> None:
    found = images(releases.account)
    tags = [{tag["Key"]: tag["Value"] for tag in image["Tags"]} for image in found]
    assert {one["Release"] for one in tags} == {"1.0", "2.0"}
    snapshots = [
        disk["Ebs"]["SnapshotId"] for image in found for disk in image["BlockDeviceMappings"]
    ]
    described = releases.account.client("ec2").describe_snapshots(SnapshotIds=snapshots)
    assert all(snapshot["Encrypted"] for snapshot in described["Snapshots"])


def test_nothing_of_the_builder_is_left(releases: Story) -> None:
    assert not [line for line in releases.account.made() if "builder" in line]


def test_the_same_release_again_changes_nothing(releases: Story) -> None:
    assert releases.runs["second deploy 1"].changed == []


def test_a_site_run_leaves_the_fleet_as_it_is(releases: Story) -> None:
    assert releases.runs["site after deploy 1"].changed == []


def test_the_next_release_runs_everywhere(releases: Story) -> None:
    assert (
        "fleet: refresh | Replace instances, a few at a time" in releases.runs["deploy 2"].changed
    )
    assert running_releases(releases.account) == {"2.0"}


def test_the_fleet_is_spread_and_large_enough_without_a_zone(releases: Story) -> None:
    found = group(releases.account)
    zones = [instance["AvailabilityZone"] for instance in found["Instances"]]
    assert len(set(zones)) == 3
    needed_at_night = 2
    assert len(zones) - max(zones.count(zone) for zone in zones) >= needed_at_night
    assert (found["HealthCheckType"], found["HealthCheckGracePeriod"]) == ("ELB", 180)


def test_the_floor_is_raised_before_the_clinic(releases: Story) -> None:
    actions = {
        one["ScheduledActionName"]: one
        for one in releases.account.all(
            "autoscaling", "describe_scheduled_actions", "ScheduledUpdateGroupActions"
        )
    }
    assert actions["clinic-begins"]["MinSize"] > actions["clinic-ends"]["MinSize"]
    assert actions["clinic-begins"]["TimeZone"] == "Europe/London"


def test_the_group_follows_requests_and_the_processor(releases: Story) -> None:
    policies = releases.account.all("autoscaling", "describe_policies", "ScalingPolicies")
    metrics = {
        one["TargetTrackingConfiguration"]["PredefinedMetricSpecification"]["PredefinedMetricType"]
        for one in policies
    }
    assert metrics == {"ALBRequestCountPerTarget", "ASGAverageCPUUtilization"}


def test_an_instance_drains_before_its_end(releases: Story) -> None:
    autoscaling = releases.account.client("autoscaling")
    hooks = autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=PREFIX)["LifecycleHooks"]
    assert [(hook["LifecycleTransition"], hook["DefaultResult"]) for hook in hooks] == [
        ("autoscaling:EC2_INSTANCE_TERMINATING", "CONTINUE")
    ]


def test_instances_are_closed_and_encrypted(releases: Story) -> None:
    ec2 = releases.account.client("ec2")
    version = group(releases.account)["LaunchTemplate"]["Version"]
    assert version.isdigit(), "only a numbered version can be rolled back"
    (found,) = ec2.describe_launch_template_versions(LaunchTemplateName=PREFIX, Versions=[version])[
        "LaunchTemplateVersions"
    ]
    data = found["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert [one["AssociatePublicIpAddress"] for one in data["NetworkInterfaces"]] == [False]
    assert [
        (disk["Ebs"]["VolumeType"], disk["Ebs"]["Encrypted"])
        for disk in data["BlockDeviceMappings"]
    ] == [("gp3", True)]
    assert "KeyName" not in data


def test_a_release_without_an_image_is_refused_with_its_fix(releases: Story) -> None:
    run = play("deploy", releases.account, hub_release="9.9")
    assert run.status != 0
    assert "Run bake.yml for it first" in run.output


def test_an_alarm_turns_a_rollout_back(releases: Story) -> None:
    account = releases.account
    releases.tell("bake 3", "bake", hub_release="3.0")
    before = group(account)["LaunchTemplate"]["Version"]
    alarm = account.client("cloudwatch")
    alarm.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason=GOES_OFF)
    try:
        run: Run = play("deploy", account, hub_release="3.0")
    finally:
        alarm.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="a test")
    assert run.status != 0
    assert "RollbackSuccessful" in run.output
    assert group(account)["LaunchTemplate"]["Version"] == before
    assert running_releases(account) == {"2.0"}


def test_a_release_can_be_taken_back_while_an_alarm_is_on(releases: Story) -> None:
    account = releases.account
    alarm = account.client("cloudwatch")
    alarm.set_alarm_state(AlarmName=ALARM, StateValue="ALARM", StateReason="a bad release")
    try:
        back = play("deploy", account, hub_release="1.0")
    finally:
        alarm.set_alarm_state(AlarmName=ALARM, StateValue="OK", StateReason="a test")
    assert back.status == 0, back.output
    (refresh, *_) = refreshes(account)
    watched = refresh["Preferences"]["AlarmSpecification"]["Alarms"]
    assert watched
    assert ALARM not in watched
    assert running_releases(account) == {"1.0"}


def test_a_changed_size_converges(releases: Story) -> None:
    changed = play("site", releases.account, fleet_instances_needed_at_night=4)
    assert changed.status == 0, changed.output
    assert group(releases.account)["MinSize"] == 6
    assert len(group(releases.account)["Instances"]) == 6
    again = play("site", releases.account, fleet_instances_needed_at_night=4)
    assert again.changed == []
