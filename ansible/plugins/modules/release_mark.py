#!/usr/bin/python
"""What became of a release, in the tags of its image."""

from __future__ import annotations

DOCUMENTATION = """
module: release_mark
short_description: Remember that a release ran everywhere, or that it was taken back
description:
  - Writes what C(module_utils/releases.py) reads. A mark that says so already is left as it is.
author: MediCare Hub (@medicare-hub)
options:
  image_id:
    description: The release's image.
    type: str
    required: true
  mark:
    description: What became of it.
    type: str
    choices: [rolled_out, taken_back]
    required: true
  by:
    description: What brought it to run. Required when O(mark=rolled_out).
    type: str
    choices: [deploy, rollback]
  version:
    description: The version of the launch template that ran. Required when O(mark=rolled_out).
    type: str
  again:
    description: Whether it has been rolled out again, so that the time is updated.
    type: bool
    default: false
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Remember that it runs well
  release_mark:
    image_id: ami-0123456789abcdef0
    mark: rolled_out
    by: deploy
    version: 7
"""

RETURN = """
release_mark:
  description: The image's tags.
  type: dict
  returned: always
"""

from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.hub_resource import tag_list
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def differences(tags: dict[str, str], wanted: dict[str, Any], now: str) -> dict[str, str]:
    """The tags to write."""
    rolled_out, taken_back = tags.get("RolledOut", ""), tags.get("TakenBack", "")
    if wanted["mark"] == "taken_back":
        return {} if taken_back >= rolled_out and taken_back else {"TakenBack": now}
    runs = {"RolledOutBy": wanted["by"], "TemplateVersion": wanted["version"]}
    known = tags.get("TemplateVersion") == wanted["version"] and rolled_out > taken_back
    return {} if known and not wanted["again"] else {"RolledOut": now, **runs}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "image_id": {"type": "str", "required": True},
            "mark": {"type": "str", "choices": ["rolled_out", "taken_back"], "required": True},
            "by": {"type": "str", "choices": ["deploy", "rollback"]},
            "version": {"type": "str"},
            "again": {"type": "bool", "default": False},
        },
        required_if=[("mark", "rolled_out", ["by", "version"])],
        supports_check_mode=True,
    )
    client = module.client("ec2", retry_decorator=AWSRetry.jittered_backoff())
    image_id = module.params["image_id"]
    (image,) = client.describe_images(ImageIds=[image_id], aws_retry=True)["Images"]
    tags = {tag["Key"]: tag["Value"] for tag in image.get("Tags", [])}
    needed = differences(tags, module.params, datetime.now(UTC).isoformat(timespec="milliseconds"))
    if needed and not module.check_mode:
        client.create_tags(Resources=[image_id], Tags=tag_list(needed), aws_retry=True)
    module.exit_json(changed=bool(needed), differences=needed, release_mark=tags | needed)


if __name__ == "__main__":
    main()
