#!/usr/bin/python
"""The security groups of a VPC, as one whole."""

from __future__ import annotations

DOCUMENTATION = """
module: security_groups
short_description: Bring all security groups of a VPC to exactly these rules
description:
  - Makes groups that name each other, which one group at a time cannot.
  - Adds what is missing, and takes away every rule that is not listed only after that.
  - Empties the VPC's default group, which AWS does not let anybody delete.
  - O(state=absent) removes the listed groups, also when they name each other.
author: MediCare Hub (@medicare-hub)
options:
  vpc_id:
    description: The VPC.
    type: str
    required: true
  prefix:
    description: What the name of each group at AWS begins with.
    type: str
    required: true
  groups:
    description:
      - Groups by their short name. Each has a C(description), and the lists C(incoming) and C(outgoing).
      - A rule has a C(port), a C(peer) (the short name of a group, or C(world)) and a C(reason).
    type: dict
    required: true
  tags:
    description: Tags of the groups.
    type: dict
    default: {}
  state:
    description: Whether the groups stand.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Let only the portal speak to its database
  security_groups:
    vpc_id: vpc-0123456789abcdef0
    prefix: hub-
    groups:
      portal:
        description: The portal
        incoming: []
        outgoing: [{port: 3306, peer: database, reason: The database}]
      database:
        description: The database
        incoming: [{port: 3306, peer: portal, reason: The portal}]
        outgoing: []
"""

RETURN = """
security_groups:
  description: The id of each group by its short name.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, run, tag_specification
from ansible.module_utils.security_rules import (
    DIRECTIONS,
    WORLD,
    Rule,
    missing,
    renamed,
    rules_of,
    unwanted,
)


class SecurityGroups(Resource):
    service = "ec2"
    returned_as = "security_groups"

    def find(self) -> dict[str, Any] | None:
        """Ids of those wanted groups that stand."""
        self.standing = {name: group["GroupId"] for name, group in self._described().items()}
        return self.standing or None

    def _described(self) -> dict[str, dict[str, Any]]:
        answer = self.client.describe_security_groups(
            Filters=[{"Name": "vpc-id", "Values": [self.wanted["vpc_id"]]}]
        )
        by_name = {group["GroupName"]: group for group in answer["SecurityGroups"]}
        self.default = by_name["default"]
        return {
            name: by_name[self.wanted["prefix"] + name]
            for name in self.wanted["groups"]
            if self.wanted["prefix"] + name in by_name
        }

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """Names of missing groups, and of those whose rules differ."""
        described = self._described()
        missing = self.wanted["groups"].keys() - described.keys()
        differing = [
            name
            for name, group in described.items()
            for direction in DIRECTIONS
            if rules_of(group, direction) != self._wanted_rules(name, direction)
        ]
        default = [direction for direction in DIRECTIONS if rules_of(self.default, direction)]
        named = {"missing": sorted(missing), "rules": differing, "default": default}
        return {what: names for what, names in named.items() if names}

    def _wanted_rules(self, name: str, direction: str) -> set[Rule]:
        return {
            Rule(rule["port"], self.standing.get(rule["peer"], WORLD), rule["reason"])
            for rule in self.wanted["groups"][name][direction]
        }

    def create(self) -> None:
        self._create(self.wanted["groups"].keys())
        self.find()
        self._set_rules()

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self._create(differences.get("missing", ()))
        self.find()
        self._set_rules()

    def _create(self, names: Any) -> None:
        for name in names:
            tags = self.wanted["tags"] | {"Name": self.wanted["prefix"] + name}
            self.client.create_security_group(
                GroupName=self.wanted["prefix"] + name,
                Description=self.wanted["groups"][name]["description"],
                VpcId=self.wanted["vpc_id"],
                TagSpecifications=tag_specification("security-group", tags),
            )

    def _set_rules(self) -> None:
        """Adds permissions before it revokes others: an interruption never cuts the hospital off."""
        self._empty(self.default)
        for name, group in self._described().items():
            for direction in DIRECTIONS:
                wanted = self._wanted_rules(name, direction)
                standing = rules_of(group, direction)
                self._describe(group, direction, renamed(standing, wanted))
                self._authorize(group, direction, missing(standing, wanted))
                self._revoke(group, direction, unwanted(group, direction, wanted))

    def _authorize(self, group: dict[str, Any], direction: str, rules: set[Rule]) -> None:
        if rules:
            authorize = getattr(self.client, f"authorize_security_group_{DIRECTIONS[direction][1]}")
            authorize(
                GroupId=group["GroupId"],
                IpPermissions=[rule.as_permission() for rule in sorted(rules)],
            )

    def _describe(self, group: dict[str, Any], direction: str, rules: set[Rule]) -> None:
        """EC2 identifies a rule by its peer and port, not by its description, which is changed separately."""
        if rules:
            kind = DIRECTIONS[direction][1]
            update = getattr(self.client, f"update_security_group_rule_descriptions_{kind}")
            update(
                GroupId=group["GroupId"],
                IpPermissions=[rule.as_permission() for rule in sorted(rules)],
            )

    def _revoke(self, group: dict[str, Any], direction: str, permissions: list[Any]) -> None:
        if permissions:
            revoke = getattr(self.client, f"revoke_security_group_{DIRECTIONS[direction][1]}")
            revoke(GroupId=group["GroupId"], IpPermissions=permissions)

    def _empty(self, group: dict[str, Any]) -> None:
        for direction in DIRECTIONS:
            self._revoke(group, direction, group[DIRECTIONS[direction][0]])

    def delete(self, found: dict[str, Any]) -> None:
        groups = self._described().values()
        for group in groups:
            self._empty(group)
        for group in groups:
            self.client.delete_security_group(GroupId=group["GroupId"])


if __name__ == "__main__":
    run(
        SecurityGroups,
        {
            "vpc_id": {"type": "str", "required": True},
            "prefix": {"type": "str", "required": True},
            "groups": {"type": "dict", "required": True},
            "tags": {"type": "dict", "default": {}},
        },
    )
