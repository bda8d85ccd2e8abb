"""The rules of a security group: as a person lists them, and as EC2 describes them. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

WORLD = "0.0.0.0/0"
DIRECTIONS = {
    "incoming": ("IpPermissions", "ingress"),
    "outgoing": ("IpPermissionsEgress", "egress"),
}
"""For each direction, where EC2 describes its rules and how it calls it."""


PEERS = {
    "UserIdGroupPairs": "GroupId",
    "IpRanges": "CidrIp",
    "Ipv6Ranges": "CidrIpv6",
    "PrefixListIds": "PrefixListId",
}
"""For each kind of peer of a permission, what names it."""


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
    """The rules that a group has, also those that were added by hand."""
    return {
        Rule(_port(permission), peer, reason)
        for permission in group[DIRECTIONS[direction][0]]
        for peer, reason in _peers(permission)
    }


def missing(standing: set[Rule], wanted: set[Rule]) -> set[Rule]:
    """The permissions that are missing."""
    let_through = {rule[:2] for rule in standing}
    return {rule for rule in wanted if rule[:2] not in let_through}


def renamed(standing: set[Rule], wanted: set[Rule]) -> set[Rule]:
    """The wanted permissions that exist with another description."""
    return wanted - standing - missing(standing, wanted)


def unwanted(group: dict[str, Any], direction: str, wanted: set[Rule]) -> list[dict[str, Any]]:
    """The permissions of a group that must be revoked, as EC2 describes them, without those that stay."""
    return [
        rest
        for permission in group[DIRECTIONS[direction][0]]
        if (rest := _without(permission, {rule[:2] for rule in wanted}))
    ]


def _without(permission: dict[str, Any], stays: set[tuple[Any, str]]) -> dict[str, Any]:
    port = _port(permission)
    gone = {
        kind: [one for one in permission.get(kind, []) if (port, one[peer]) not in stays]
        for kind, peer in PEERS.items()
    }
    if not any(gone.values()):
        return {}
    plain = {name: value for name, value in permission.items() if name not in PEERS}
    return plain | {kind: peers for kind, peers in gone.items() if peers}


def _port(permission: dict[str, Any]) -> Any:
    """The TCP port that is open; words for anything else than one TCP port, which no wanted rule has."""
    first, last = permission.get("FromPort"), permission.get("ToPort")
    one = permission["IpProtocol"] == "tcp" and first == last and first is not None
    return first if one else f"{permission['IpProtocol']} {first} to {last}"


def _peers(permission: dict[str, Any]) -> list[tuple[str, str]]:
    """Who a permission is for, and why: groups, addresses, and all else that somebody added by hand."""
    return [
        (one[peer], one.get("Description", ""))
        for kind, peer in PEERS.items()
        for one in permission.get(kind, [])
    ]
