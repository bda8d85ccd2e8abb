"""The requests to create a VPC endpoint and to change an existing one. Pure.

`wanted` are the parameters of the module vpc_endpoints.
"""

from __future__ import annotations

import json
from typing import Any

GATEWAY = "s3"
"""The only service with a gateway endpoint, which is reached by route tables and free."""


def placement(service: str, wanted: dict[str, Any]) -> dict[str, Any]:
    """CreateVpcEndpoint's arguments for the endpoint's type and place."""
    if service == GATEWAY:
        return {"VpcEndpointType": "Gateway", "RouteTableIds": wanted["route_table_ids"]}
    return {
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": wanted["subnet_ids"],
        "SecurityGroupIds": [wanted["security_group_id"]],
    }


def policy(service: str, wanted: dict[str, Any]) -> str:
    """Who may do what through the endpoint, as JSON."""
    document: str = wanted["gateway_policy" if service == GATEWAY else "policy"]
    return document


def changes(service: str, endpoint: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """ModifyVpcEndpoint's arguments; empty when nothing must change."""
    needed = _added_and_removed(
        "RouteTableIds",
        endpoint.get("RouteTableIds", []),
        wanted["route_table_ids"] if service == GATEWAY else [],
    )
    if service != GATEWAY:
        groups = [group["GroupId"] for group in endpoint.get("Groups", [])]
        needed |= _added_and_removed("SubnetIds", endpoint["SubnetIds"], wanted["subnet_ids"])
        needed |= _added_and_removed("SecurityGroupIds", groups, [wanted["security_group_id"]])
    if json.loads(endpoint["PolicyDocument"]) != json.loads(policy(service, wanted)):
        needed["PolicyDocument"] = policy(service, wanted)
    return needed


def _added_and_removed(name: str, standing: list[str], wanted: list[str]) -> dict[str, Any]:
    """A change of a list in EC2's form: what to add, and what to remove."""
    added, removed = sorted(set(wanted) - set(standing)), sorted(set(standing) - set(wanted))
    named = {f"Add{name}": added, f"Remove{name}": removed}
    return {argument: ids for argument, ids in named.items() if ids}
