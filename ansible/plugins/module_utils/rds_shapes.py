"""Converts RDS's description of a database to the names of its request parameters. Pure."""

from __future__ import annotations

from typing import Any


def by_the_names_of_requests(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """The current and pending state, by request parameter."""
    standing = found | found.get("PendingModifiedValues", {})
    groups = [group["VpcSecurityGroupId"] for group in found.get("VpcSecurityGroups", [])]
    parameters = [group["DBParameterGroupName"] for group in found.get("DBParameterGroups", [])]
    subnets = found.get("DBSubnetGroup")
    named = standing | {
        "DBClusterParameterGroupName": found.get("DBClusterParameterGroup"),
        "DBParameterGroupName": next(iter(parameters), None),
        "DBSubnetGroupName": subnets["DBSubnetGroupName"] if isinstance(subnets, dict) else subnets,
        "EnableCloudwatchLogsExports": sorted(found.get("EnabledCloudwatchLogsExports", [])),
        "EnablePerformanceInsights": found.get("PerformanceInsightsEnabled", False),
        "VpcSecurityGroupIds": sorted(groups),
    }
    return named | _as_good_as_wanted(standing, wanted)


def _as_good_as_wanted(standing: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """A later minor version than requested, and a disk that grew by itself, do not count as differences."""
    good = {}
    if standing["EngineVersion"].startswith(wanted.get("EngineVersion", "")):
        good["EngineVersion"] = wanted.get("EngineVersion")
    if standing["AllocatedStorage"] >= wanted.get("AllocatedStorage", 0):
        good["AllocatedStorage"] = wanted.get("AllocatedStorage")
    return good


def waits_for_restart(found: dict[str, Any]) -> bool:
    """Whether changed parameters need a restart to apply."""
    of_instance = [one.get("ParameterApplyStatus") for one in found.get("DBParameterGroups", [])]
    members = found.get("DBClusterMembers", [])
    of_cluster = [one.get("DBClusterParameterGroupStatus") for one in members]
    return "pending-reboot" in of_instance + of_cluster


def changed_exports(standing: list[str], wanted: list[str]) -> dict[str, list[str]]:
    """The argument to change which logs RDS sends to CloudWatch."""
    return {
        "EnableLogTypes": sorted(set(wanted) - set(standing)),
        "DisableLogTypes": sorted(set(standing) - set(wanted)),
    }
