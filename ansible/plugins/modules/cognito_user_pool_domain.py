#!/usr/bin/python
"""The domain at which Cognito shows its own sign-in pages."""

DOCUMENTATION = r"""
module: cognito_user_pool_domain
short_description: Give a user pool its sign-in pages, or take them away
options:
  user_pool_id:
    description: The pool's id; needed when V(present).
    type: str
  domain:
    description: First label of C(<domain>.auth.<region>.amazoncognito.com), nobody else's in the region.
    type: str
    required: true
  managed_login_version:
    description:
      - V(2) is managed login. V(1) is the classic hosted UI, which passes over C(prompt) and lets in whoever
        has signed in at this browser before.
    type: int
    choices: [1, 2]
    default: 2
  state:
    description: A pool can't be deleted while it has a domain.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | give people a place to sign in
  cognito_user_pool_domain:
    user_pool_id: eu-west-2_abc123
    domain: medicare-hub-production-123456789012
"""

RETURN = r"""
domain: {description: The domain as DescribeUserPoolDomain answers it., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, changes, run


class Domain(Resource):
    service = "cognito-idp"
    returned_as = "domain"

    def find(self) -> dict[str, Any] | None:
        # AWS returns an empty description when nobody has the domain.
        found = self.client.describe_user_pool_domain(Domain=self.wanted["domain"], aws_retry=True)
        return found["DomainDescription"] or None

    def create(self) -> None:
        self.client.create_user_pool_domain(**self._pages())

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        if found["UserPoolId"] != self.wanted["user_pool_id"]:
            self.module.fail_json(
                msg=f"The sign-in domain {self.wanted['domain']} belongs to the user pool"
                f" {found['UserPoolId']}. Choose another one."
            )
        return changes(found, {"ManagedLoginVersion": self.wanted["managed_login_version"]})

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.client.update_user_pool_domain(**self._pages())

    def _pages(self) -> dict[str, Any]:
        return {
            "Domain": self.wanted["domain"],
            "UserPoolId": self.wanted["user_pool_id"],
            "ManagedLoginVersion": self.wanted["managed_login_version"],
        }

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_user_pool_domain(Domain=found["Domain"], UserPoolId=found["UserPoolId"])


if __name__ == "__main__":
    run(
        Domain,
        {
            "user_pool_id": {"type": "str"},
            "domain": {"type": "str", "required": True},
            "managed_login_version": {"type": "int", "choices": [1, 2], "default": 2},
        },
        required_if=[("state", "present", ["user_pool_id"])],
    )
