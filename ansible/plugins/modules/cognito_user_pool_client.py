#!/usr/bin/python
"""A confidential app client of a Cognito user pool."""

DOCUMENTATION = r"""
module: cognito_user_pool_client
short_description: Make or change an app client with a secret
description:
  - Finds the client by its name within the pool. It goes when its pool goes.
  - What it returns holds the client's secret, so its task needs C(no_log).
options:
  user_pool_id: {description: The pool's id., type: str, required: true}
  name: {description: Name of the client., type: str, required: true}
  settings:
    description: Parameters of CreateUserPoolClient under AWS's own names, without pool and name.
    type: dict
    default: {}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | make the portal's client
  cognito_user_pool_client:
    user_pool_id: eu-west-2_abc123
    name: portal
    settings:
      AllowedOAuthFlows: [code]
  no_log: true
"""

RETURN = r"""
client: {description: The client with its C(client_id) and C(client_secret)., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages, uncovered
from ansible.module_utils.hub_resource import Resource, run


class Client(Resource):
    service = "cognito-idp"
    returned_as = "client"

    def find(self) -> dict[str, Any] | None:
        pool_id = self.wanted["user_pool_id"]
        listed = pages(
            self.client,
            "list_user_pool_clients",
            "UserPoolClients",
            UserPoolId=pool_id,
            MaxResults=60,
        )
        for one in listed:
            if one["ClientName"] == self.wanted["name"]:
                return self.client.describe_user_pool_client(
                    UserPoolId=pool_id, ClientId=one["ClientId"], aws_retry=True
                )["UserPoolClient"]
        return None

    def create(self) -> None:
        self.client.create_user_pool_client(
            UserPoolId=self.wanted["user_pool_id"],
            ClientName=self.wanted["name"],
            GenerateSecret=True,
            **self.wanted["settings"],
        )

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return uncovered(found, self.wanted["settings"])

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        # All of them: UpdateUserPoolClient resets missing parameters to their defaults.
        self.client.update_user_pool_client(
            UserPoolId=self.wanted["user_pool_id"],
            ClientId=found["ClientId"],
            ClientName=self.wanted["name"],
            **self.wanted["settings"],
        )

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_user_pool_client(
            UserPoolId=self.wanted["user_pool_id"], ClientId=found["ClientId"]
        )


if __name__ == "__main__":
    run(
        Client,
        {
            "user_pool_id": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "settings": {"type": "dict", "default": {}},
        },
    )
