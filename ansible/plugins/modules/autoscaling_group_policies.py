#!/usr/bin/python
"""How an Auto Scaling group replaces instances, and what it does while a zone is impaired."""

from __future__ import annotations

DOCUMENTATION = """
module: autoscaling_group_policies
short_description: Policies of a standing Auto Scaling group that amazon.aws does not know
description:
  - Sets parts of a group that M(amazon.aws.autoscaling_group) can't, such as its maintenance policy.
  - Does nothing when there is no such group.
author: MediCare Hub (@medicare-hub)
options:
  group:
    description: Name of the group.
    type: str
    required: true
  policies:
    description: Parameters of UpdateAutoScalingGroup, by AWS's own names.
    type: dict
    required: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Start a new instance before an old one is ended
  autoscaling_group_policies:
    group: hub
    policies:
      InstanceMaintenancePolicy: {MinHealthyPercentage: 100, MaxHealthyPercentage: 134}
"""

RETURN = """
group_arn:
  description: The group's ARN, empty when there is none.
  type: str
  returned: always
"""

from ansible.module_utils.aws_shapes import uncovered
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "group": {"type": "str", "required": True},
            "policies": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    client = module.client("autoscaling", retry_decorator=AWSRetry.jittered_backoff())
    named = {"AutoScalingGroupNames": [module.params["group"]], "aws_retry": True}
    groups = client.describe_auto_scaling_groups(**named)["AutoScalingGroups"]
    if not groups:
        module.exit_json(changed=False, differences={}, group_arn="")
    differences = uncovered(groups[0], module.params["policies"])
    if differences and not module.check_mode:
        client.update_auto_scaling_group(
            AutoScalingGroupName=module.params["group"], aws_retry=True, **differences
        )
    arn = groups[0]["AutoScalingGroupARN"]
    module.exit_json(changed=bool(differences), differences=differences, group_arn=arn)


if __name__ == "__main__":
    main()
