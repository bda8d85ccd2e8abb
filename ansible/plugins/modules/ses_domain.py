#!/usr/bin/python
"""A domain from which SES sends, signed with DKIM."""

from __future__ import annotations

DOCUMENTATION = """
module: ses_domain
short_description: A domain's identity at SES, with Easy DKIM and its own MAIL FROM
description:
  - M(community.aws.ses_identity) knows SES's first version, with keys of 1024 bits and no MAIL FROM
    of a domain.
  - SES verifies the domain once it finds the records of its tokens.
author: MediCare Hub (@medicare-hub)
options:
  domain:
    description: The domain after the C(@).
    type: str
    required: true
  mail_from:
    description: The subdomain to which bounces come.
    type: str
  tags:
    description: Tags of a new identity.
    type: dict
    default: {}
  state:
    description: Whether the identity stands. Removed is only one with these tags.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Let the hospital's domain send
  ses_domain:
    domain: hospital.example
    mail_from: bounces.hospital.example
"""

RETURN = """
ses_domain:
  description: The identity as SES describes it, empty when there is none.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import covers, uncovered
from ansible.module_utils.hub_resource import Resource, run, tag_list
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

KEY = {"NextSigningKeyLength": "RSA_2048_BIT"}


class Domain(Resource):
    service = "sesv2"
    returned_as = "ses_domain"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.named = {"EmailIdentity": self.wanted["domain"]}

    def find(self) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self.client.get_email_identity(**self.named, aws_retry=True)
        except is_boto3_error_code("NotFoundException"):
            return None
        tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", [])}
        if self.wanted["state"] == "absent" and not covers(tags, self.wanted["tags"]):
            return None
        return found

    def create(self) -> None:
        self.client.create_email_identity(
            **self.named, DkimSigningAttributes=KEY, Tags=tag_list(self.wanted["tags"])
        )
        self._receive_bounces()

    def _receive_bounces(self) -> None:
        self.client.put_email_identity_mail_from_attributes(
            **self.named,
            MailFromDomain=self.wanted["mail_from"],
            BehaviorOnMxFailure="USE_DEFAULT_VALUE",
        )

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        wanted = {"MailFromDomain": self.wanted["mail_from"]}
        return uncovered(found.get("MailFromAttributes", {}), wanted)

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self._receive_bounces()

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_email_identity(**self.named)


if __name__ == "__main__":
    run(
        Domain,
        {
            "domain": {"type": "str", "required": True},
            "mail_from": {"type": "str"},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["mail_from"])],
    )
