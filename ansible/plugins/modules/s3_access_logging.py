#!/usr/bin/python
"""Into which bucket another one logs its requests."""

DOCUMENTATION = r"""
module: s3_access_logging
short_description: Log a bucket's requests into another bucket
description:
  - The target's policy must let C(logging.s3.amazonaws.com) write.
  - C(community.aws.s3_logging) changes the target's ACL instead, which AWS refuses where a bucket's owner
    owns all that is in it.
options:
  name: {description: Whose requests are logged., type: str, required: true}
  target_bucket: {description: Where the log goes. In the same region and account., type: str}
  target_prefix: {description: What the names of its objects begin with., type: str, default: ''}
  state: {description: Whether they are logged., type: str, choices: [present, absent], default: present}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | Log who reads the page
  s3_access_logging:
    name: hospital-page
    target_bucket: hospital-access-logs
    target_prefix: page/
"""

RETURN = r"""
access_logging: {description: Where the log goes., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import uncovered
from ansible.module_utils.hub_resource import Resource, run


class AccessLogging(Resource):
    service = "s3"
    returned_as = "access_logging"

    def find(self) -> dict[str, Any] | None:
        answer = self.client.get_bucket_logging(Bucket=self.wanted["name"], aws_retry=True)
        return answer.get("LoggingEnabled")

    def create(self) -> None:
        self._log({"LoggingEnabled": self._configuration()})

    def _configuration(self) -> dict[str, str]:
        return {
            "TargetBucket": self.wanted["target_bucket"],
            "TargetPrefix": self.wanted["target_prefix"],
        }

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return uncovered(found, self._configuration())

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.create()

    def delete(self, found: dict[str, Any]) -> None:
        self._log({})

    def _log(self, status: dict[str, Any]) -> None:
        self.client.put_bucket_logging(Bucket=self.wanted["name"], BucketLoggingStatus=status)


if __name__ == "__main__":
    run(
        AccessLogging,
        {
            "name": {"type": "str", "required": True},
            "target_bucket": {"type": "str"},
            "target_prefix": {"type": "str", "default": ""},
        },
        required_if=[("state", "present", ["target_bucket"])],
    )
