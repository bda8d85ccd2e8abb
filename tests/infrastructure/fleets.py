"""The portal's instances in an account."""

from typing import Any

from tests.infrastructure.account import Account

PREFIX = "medicare-hub-production"


def group(account: Account) -> dict[str, Any]:
    """The one Auto Scaling group."""
    (found,) = account.all("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups")
    return dict(found)


def refreshes(account: Account) -> list[dict[str, Any]]:
    """The group's refreshes, newest first."""
    return account.all(
        "autoscaling",
        "describe_instance_refreshes",
        "InstanceRefreshes",
        AutoScalingGroupName=PREFIX,
    )


def running(account: Account) -> list[dict[str, Any]]:
    """Every instance of the portal that runs."""
    reservations = account.all(
        "ec2",
        "describe_instances",
        "Reservations",
        Filters=[
            {"Name": "tag:Purpose", "Values": ["portal"]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ],
    )
    return [one for reservation in reservations for one in reservation["Instances"]]


def running_releases(account: Account) -> set[str]:
    """The tag Release of each of them."""
    return {
        tag["Value"] for one in running(account) for tag in one["Tags"] if tag["Key"] == "Release"
    }
