"""The rules of a security group: as a person lists them, and as EC2 describes them. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

WORLD = "0.0.0.0/0"
DIRECTIONS = {
    "incoming": ("IpPermissions", "ingress"),
    "outgoing": ("IpPermissionsEgress", "egress"),
}
"""For each direction, where EC2 describes its rules and how it calls it."""


class Rule(NamedTuple):
    """One rule: TCP on a port, from or to a group's id or the world."""

    port: Any
    peer: str
    reason: str

    def as_permission(self) -> dict[str, Any]:
        """What EC2 is asked to authorize."""
        permission = {"IpProtocol": "tcp", "FromPort": self.port, "ToPort": self.port}
        if self.peer == WORLD:
            return permission | {"IpRanges": [{"CidrIp": WORLD, "Description": self.reason}]}
        pair = {"GroupId": self.peer, "Description": self.reason}
        return permission | {"UserIdGroupPairs": [pair]}


def rules_of(group: dict[str, Any], direction: str) -> set[Rule]:
    """The rules that a group has, whoever made them."""
    return {
        Rule(permission.get("FromPort", "all"), peer, reason)
        for permission in group[DIRECTIONS[direction][0]]
        for peer, reason in _peers(permission)
    }


def _peers(permission: dict[str, Any]) -> list[tuple[str, str]]:
    """Who a permission is for, and why: groups, addresses and whatever else somebody put in by hand."""
    return [
        *(
            (pair["GroupId"], pair.get("Description", ""))
            for pair in permission.get("UserIdGroupPairs", [])
        ),
        *(
            (range_["CidrIp"], range_.get("Description", ""))
            for range_ in permission.get("IpRanges", [])
        ),
        *((range_["CidrIpv6"], "") for range_ in permission.get("Ipv6Ranges", [])),
        *((prefix["PrefixListId"], "") for prefix in permission.get("PrefixListIds", [])),
    ]
