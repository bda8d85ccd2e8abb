#!/usr/bin/python
"""The style of a client's sign-in pages. Managed login shows no page without one."""

DOCUMENTATION = r"""
module: cognito_managed_login_style
short_description: Give an app client Cognito's own looks for its sign-in pages
description:
  - A client without a style has no managed login. The style goes with its client.
  - A style that somebody has designed since is left as it is.
options:
  user_pool_id: {description: The pool's id., type: str, required: true}
  client_id: {description: The app client's id., type: str, required: true}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | give the sign-in pages their looks
  cognito_managed_login_style:
    user_pool_id: eu-west-2_abc123
    client_id: 1h57kf5cpq17m0eml12EXAMPLE
"""

RETURN = r"""
style: {description: The style as DescribeManagedLoginBranding answers it., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code


class Style(Resource):
    service = "cognito-idp"
    returned_as = "style"

    def find(self) -> dict[str, Any] | None:
        try:
            found = self.client.describe_managed_login_branding_by_client(
                **self._whose(), aws_retry=True
            )
        except is_boto3_error_code("ResourceNotFoundException"):
            return None
        return found["ManagedLoginBranding"]

    def create(self) -> None:
        self.client.create_managed_login_branding(**self._whose(), UseCognitoProvidedValues=True)

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_managed_login_branding(
            UserPoolId=self.wanted["user_pool_id"],
            ManagedLoginBrandingId=found["ManagedLoginBrandingId"],
        )

    def _whose(self) -> dict[str, str]:
        return {"UserPoolId": self.wanted["user_pool_id"], "ClientId": self.wanted["client_id"]}


if __name__ == "__main__":
    run(
        Style,
        {
            "user_pool_id": {"type": "str", "required": True},
            "client_id": {"type": "str", "required": True},
        },
    )
