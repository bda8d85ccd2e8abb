#!/usr/bin/python
"""A Cognito user pool, with its second factor and its threat protection."""

DOCUMENTATION = r"""
module: cognito_user_pool
short_description: Make, change or delete a Cognito user pool
description:
  - Finds the pool by its name. Settings are those of CreateUserPool, under AWS's own names.
  - Every setting is sent with every change, because UpdateUserPool resets what it is not told.
options:
  name:
    description: Name of the pool, unique in the region by this module's own rule.
    type: str
    required: true
  settings:
    description: Parameters of CreateUserPool, without name, tags and second factor.
    type: dict
    default: {}
  second_factor:
    description: V(ON) asks everybody for a code of an authenticator app, V(OPTIONAL) who has set one up.
    type: str
    choices: ['ON', 'OPTIONAL', 'OFF']
    default: 'ON'
  threat_protection:
    description: Parameters of SetRiskConfiguration, without the pool's id.
    type: dict
    default: {}
  tags:
    description: Tags of the pool.
    type: dict
    default: {}
  state:
    description: V(absent) takes deletion protection off first.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | make the user pool
  cognito_user_pool:
    name: medicare-hub-production
    settings:
      UsernameAttributes: [email]
      DeletionProtection: ACTIVE
"""

RETURN = r"""
user_pool: {description: The pool as DescribeUserPool answers it., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import covers, pages, uncovered
from ansible.module_utils.hub_resource import Resource, run

ONLY_AT_BIRTH = frozenset(
    {"Schema", "UsernameAttributes", "AliasAttributes", "UsernameConfiguration"}
)
FIXED = ONLY_AT_BIRTH - {"Schema"}
"""AWS returns Schema in another form, with additions, so it is not compared."""


class UserPool(Resource):
    service = "cognito-idp"
    returned_as = "user_pool"

    def find(self) -> dict[str, Any] | None:
        found = [
            pool["Id"]
            for pool in pages(self.client, "list_user_pools", "UserPools", MaxResults=60)
            if pool["Name"] == self.wanted["name"]
        ]
        if len(found) > 1:
            self.module.fail_json(
                msg=f"{len(found)} user pools are named {self.wanted['name']}. Rename all but one."
            )
        return self._describe(found[0]) if found else None

    def _describe(self, pool_id: str) -> dict[str, Any]:
        return self.client.describe_user_pool(UserPoolId=pool_id, aws_retry=True)["UserPool"]

    def create(self) -> None:
        made = self.client.create_user_pool(
            PoolName=self.wanted["name"],
            UserPoolTags=self.wanted["tags"],
            **self.wanted["settings"],
        )["UserPool"]
        self.update(made, self._differences_beside_settings(made))

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        fixed = {name: value for name, value in self.wanted["settings"].items() if name in FIXED}
        if not covers(found, fixed):
            self.module.fail_json(
                msg=f"{', '.join(sorted(fixed))} of a user pool can't be changed. Put the former value"
                " back, or name a new pool; the people of this one do not move by themselves."
            )
        unlike = uncovered(found, self._changeable())
        if found.get("UserPoolTags", {}) != self.wanted["tags"]:
            unlike["UserPoolTags"] = self.wanted["tags"]
        beside = self._differences_beside_settings(found)
        return ({"settings": unlike} if unlike else {}) | beside

    def _changeable(self) -> dict[str, Any]:
        settings = self.wanted["settings"]
        return {name: value for name, value in settings.items() if name not in ONLY_AT_BIRTH}

    def _differences_beside_settings(self, found: dict[str, Any]) -> dict[str, Any]:
        """Authenticator apps and threat protection need separate calls."""
        unlike = {}
        second_factor = {"MfaConfiguration": self.wanted["second_factor"]}
        if self.wanted["second_factor"] != "OFF":
            second_factor["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
        mfa = self.client.get_user_pool_mfa_config(UserPoolId=found["Id"], aws_retry=True)
        if not covers(mfa, second_factor):
            unlike["second_factor"] = second_factor
        risk = self.client.describe_risk_configuration(UserPoolId=found["Id"], aws_retry=True)
        if not covers(risk["RiskConfiguration"], self.wanted["threat_protection"]):
            unlike["threat_protection"] = self.wanted["threat_protection"]
        return unlike

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        pool_id = found["Id"]
        if "settings" in differences:
            self.client.update_user_pool(
                UserPoolId=pool_id,
                UserPoolTags=self.wanted["tags"],
                # Without it, it would be reset to OFF until the next call.
                MfaConfiguration=found.get("MfaConfiguration", "OFF"),
                **self._changeable(),
            )
        if "second_factor" in differences:
            self.client.set_user_pool_mfa_config(UserPoolId=pool_id, **differences["second_factor"])
        if "threat_protection" in differences:
            self.client.set_risk_configuration(
                UserPoolId=pool_id, **differences["threat_protection"]
            )

    def delete(self, found: dict[str, Any]) -> None:
        if found.get("DeletionProtection") == "ACTIVE":
            self.client.update_user_pool(UserPoolId=found["Id"], DeletionProtection="INACTIVE")
        self.client.delete_user_pool(UserPoolId=found["Id"])


if __name__ == "__main__":
    run(
        UserPool,
        {
            "name": {"type": "str", "required": True},
            "settings": {"type": "dict", "default": {}},
            "second_factor": {"type": "str", "choices": ["ON", "OPTIONAL", "OFF"], "default": "ON"},
            "threat_protection": {"type": "dict", "default": {}},
            "tags": {"type": "dict", "default": {}},
        },
    )
