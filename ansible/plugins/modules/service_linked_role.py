#!/usr/bin/python
"""The role of a service of AWS that makes it itself."""

from __future__ import annotations

DOCUMENTATION = """
module: service_linked_role
short_description: The service-linked role of a service
description:
  - Such a role belongs to the whole account. It is removed only if it was made with these tags.
author: MediCare Hub (@medicare-hub)
options:
  service:
    description: The service's principal.
    type: str
    required: true
  name:
    description: The name that AWS gives the role.
    type: str
    required: true
  tags:
    description: Tags by which the role is known as ours.
    type: dict
    required: true
  state:
    description: Whether the role stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Let AWS Config look at everything
  service_linked_role:
    service: config.amazonaws.com
    name: AWSServiceRoleForConfig
    tags: {Project: hub}
"""

RETURN = """
service_linked_role:
  description: The role as IAM describes it.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import covers
from ansible.module_utils.hub_resource import Resource, run, tag_list
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code


class ServiceLinkedRole(Resource):
    service = "iam"
    returned_as = "service_linked_role"

    def find(self) -> dict[str, Any] | None:
        try:
            found = self.client.get_role(RoleName=self.wanted["name"])["Role"]
        except is_boto3_error_code("NoSuchEntity"):
            return None
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        ours = covers(tags, self.wanted["tags"])
        return found if ours or self.wanted["state"] == "present" else None

    def create(self) -> None:
        self.client.create_service_linked_role(AWSServiceName=self.wanted["service"])
        self.client.tag_role(RoleName=self.wanted["name"], Tags=tag_list(self.wanted["tags"]))

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_service_linked_role(RoleName=found["RoleName"])


if __name__ == "__main__":
    run(
        ServiceLinkedRole,
        {
            "service": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "tags": {"type": "dict", "required": True},
        },
    )
