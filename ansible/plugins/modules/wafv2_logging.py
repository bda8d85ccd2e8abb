#!/usr/bin/python
"""Where a web ACL writes what it saw."""

DOCUMENTATION = r"""
module: wafv2_logging
short_description: Log a web ACL's requests
options:
  web_acl_arn: {description: Whose requests., type: str, required: true}
  destination_arn:
    description: A log group whose name begins with C(aws-waf-logs-), without C(:*) at the end.
    type: str
  redacted_headers:
    description: Headers whose values are left out.
    type: list
    elements: str
    default: []
  state: {description: Whether it is logged., type: str, choices: [present, absent], default: present}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | log what the firewall sees
  wafv2_logging:
    web_acl_arn: "{{ web_acl.arn }}"
    destination_arn: arn:aws:logs:eu-west-2:123456789012:log-group:aws-waf-logs-portal
    redacted_headers: [cookie]
"""

RETURN = r"""
logging: {description: The logging configuration., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import uncovered
from ansible.module_utils.hub_resource import Resource, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code


class Logging(Resource):
    service = "wafv2"
    returned_as = "logging"

    def find(self) -> dict[str, Any] | None:
        try:
            found = self.client.get_logging_configuration(
                ResourceArn=self.wanted["web_acl_arn"], aws_retry=True
            )
        except is_boto3_error_code("WAFNonexistentItemException"):
            return None
        return found["LoggingConfiguration"]

    def create(self) -> None:
        self.client.put_logging_configuration(LoggingConfiguration=self._configuration())

    def _configuration(self) -> dict[str, Any]:
        headers = self.wanted["redacted_headers"]
        return {
            "ResourceArn": self.wanted["web_acl_arn"],
            "LogDestinationConfigs": [self.wanted["destination_arn"]],
            "RedactedFields": [{"SingleHeader": {"Name": name}} for name in headers],
        }

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return uncovered(found, self._configuration())

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.create()

    def delete(self, found: dict[str, Any]) -> None:
        self.client.delete_logging_configuration(ResourceArn=self.wanted["web_acl_arn"])


if __name__ == "__main__":
    run(
        Logging,
        {
            "web_acl_arn": {"type": "str", "required": True},
            "destination_arn": {"type": "str"},
            "redacted_headers": {"type": "list", "elements": "str", "default": []},
        },
        required_if=[("state", "present", ["destination_arn"])],
    )
