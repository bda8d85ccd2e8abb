#!/usr/bin/python
"""Which releases a fleet has run, which one is being rolled out, and which one it goes back to."""

from __future__ import annotations

DOCUMENTATION = """
module: fleet_releases
short_description: Look which release runs, which one is on its way, and which one to go back to
description:
  - Asks Auto Scaling and EC2 alone, so it answers while the database, Systems Manager and secrets are away.
  - What is good is in the tags of the images, as M(release_mark) wrote them.
author: MediCare Hub (@medicare-hub)
options:
  group:
    description: Name of the Auto Scaling group.
    type: str
    required: true
  launch_template:
    description: Name of the launch template.
    type: str
    required: true
  image_tags:
    description: Tags by which the images of the releases are known.
    type: dict
    required: true
  release:
    description: The release to go back to; empty for the last one that ran well.
    type: str
    default: ""
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Look for the last good release
  fleet_releases:
    group: medicare-hub-production
    launch_template: medicare-hub-production
    image_tags: {Project: medicare-hub, Environment: production}
"""

RETURN = """
under_way:
  description: The version of the launch template that a refresh brings at the moment, or empty.
  type: str
  returned: always
to:
  description: The C(version), C(name) and C(image_id) of the release to go back to; empty when there is none.
  type: dict
  returned: always
leaves:
  description: The same of the release that is taken back; empty when none is.
  type: dict
  returned: always
why:
  description: Why this one, for the output of the run.
  type: str
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible.module_utils.releases import Fleet, WayBack
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

NO_TEMPLATE = "InvalidLaunchTemplateName.NotFoundException"


class Asked:
    """What AWS says of the group, its template and the images."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.wanted = module.params
        self.autoscaling = module.client("autoscaling", retry_decorator=AWSRetry.jittered_backoff())
        self.ec2 = module.client("ec2", retry_decorator=AWSRetry.jittered_backoff())

    def group(self) -> dict[str, Any]:
        named = {"AutoScalingGroupNames": [self.wanted["group"]], "aws_retry": True}
        found = self.autoscaling.describe_auto_scaling_groups(**named)["AutoScalingGroups"]
        return found[0] if found else {}

    def refreshes(self) -> list[Any]:
        asked = {"AutoScalingGroupName": self.wanted["group"], "MaxRecords": 1, "aws_retry": True}
        found: list[Any] = self.autoscaling.describe_instance_refreshes(**asked)[
            "InstanceRefreshes"
        ]
        return found

    def versions(self) -> list[Any]:
        named = {"LaunchTemplateName": self.wanted["launch_template"]}
        try:
            found = pages(
                self.ec2, "describe_launch_template_versions", "LaunchTemplateVersions", **named
            )
        except is_boto3_error_code(NO_TEMPLATE):
            return []
        return sorted(found, key=lambda one: one["VersionNumber"])

    def images(self) -> dict[str, dict[str, str]]:
        tags = self.wanted["image_tags"].items()
        filters = [{"Name": f"tag:{name}", "Values": [value]} for name, value in tags]
        found = pages(self.ec2, "describe_images", "Images", Owners=["self"], Filters=filters)
        return {
            one["ImageId"]: {tag["Key"]: tag["Value"] for tag in one["Tags"]}
            for one in found
            if one["State"] == "available"
        }


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "group": {"type": "str", "required": True},
            "launch_template": {"type": "str", "required": True},
            "image_tags": {"type": "dict", "required": True},
            "release": {"type": "str", "default": ""},
        },
        supports_check_mode=True,
    )
    asked = Asked(module)
    group = asked.group()
    if not group:
        nothing = WayBack(None, None, "There is no fleet. deploy.yml starts one.")
        module.exit_json(changed=False, **answer("", nothing))
    fleet = Fleet(group, asked.refreshes(), asked.versions(), asked.images())
    under_way = fleet.under_way.version if fleet.under_way else ""
    module.exit_json(changed=False, **answer(under_way, fleet.way_back(module.params["release"])))


def answer(under_way: str, way: WayBack) -> dict[str, Any]:
    return {
        "under_way": under_way,
        "to": way.to._asdict() if way.to else {},
        "leaves": way.leaves._asdict() if way.leaves else {},
        "why": way.why,
    }


if __name__ == "__main__":
    main()
