#!/usr/bin/python
"""The groups of a Cognito user pool."""

DOCUMENTATION = r"""
module: cognito_user_pool_groups
short_description: Make the groups of a user pool
description:
  - Makes what is missing and corrects descriptions. Never deletes a group, which would take a role
    from everybody in it. Groups go when their pool goes.
options:
  user_pool_id: {description: The pool's id., type: str, required: true}
  groups: {description: Each group's name and its description., type: dict, required: true}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | make the groups
  cognito_user_pool_groups:
    user_pool_id: eu-west-2_abc123
    groups: {doctor: Doctors}
"""

RETURN = r"""
groups: {description: Each group and its description., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible.module_utils.hub_resource import Resource, run


class Groups(Resource):
    service = "cognito-idp"
    returned_as = "groups"

    def find(self) -> dict[str, Any] | None:
        listed = pages(self.client, "list_groups", "Groups", UserPoolId=self.wanted["user_pool_id"])
        return {group["GroupName"]: group.get("Description") for group in listed} or None

    def create(self) -> None:
        self.update({}, self.wanted["groups"])

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        wanted = self.wanted["groups"]
        return {name: text for name, text in wanted.items() if found.get(name) != text}

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        for name, description in differences.items():
            act = self.client.update_group if name in found else self.client.create_group
            act(UserPoolId=self.wanted["user_pool_id"], GroupName=name, Description=description)

    def delete(self, found: dict[str, Any]) -> None:
        self.module.fail_json(
            msg="Groups go with their pool: deleting one would take a role from people."
        )


if __name__ == "__main__":
    run(
        Groups,
        {
            "user_pool_id": {"type": "str", "required": True},
            "groups": {"type": "dict", "required": True},
        },
    )
