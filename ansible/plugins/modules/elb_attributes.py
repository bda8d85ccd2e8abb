#!/usr/bin/python
"""Attributes of a load balancer or a target group that the collections' modules don't know."""

DOCUMENTATION = r"""
module: elb_attributes
short_description: Set attributes of a load balancer or a target group
options:
  load_balancer_arn: {description: Whose attributes., type: str}
  target_group_arn: {description: Or whose., type: str}
  attributes: {description: Values by AWS's own keys., type: dict, required: true}
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | let traffic be shifted away from a zone
  elb_attributes:
    load_balancer_arn: "{{ load_balancer.load_balancer_arn }}"
    attributes:
      zonal_shift.config.enabled: "true"
"""

RETURN = r"""
changed_attributes: {description: What was set., type: dict, returned: always}
"""

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def as_aws_writes(value: object) -> str:
    """Attributes are texts, booleans in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "load_balancer_arn": {"type": "str"},
            "target_group_arn": {"type": "str"},
            "attributes": {"type": "dict", "required": True},
        },
        required_one_of=[("load_balancer_arn", "target_group_arn")],
        mutually_exclusive=[("load_balancer_arn", "target_group_arn")],
        supports_check_mode=True,
    )
    client = module.client("elbv2", retry_decorator=AWSRetry.jittered_backoff())
    if module.params["load_balancer_arn"]:
        whose = {"LoadBalancerArn": module.params["load_balancer_arn"]}
        describe = client.describe_load_balancer_attributes
        modify = client.modify_load_balancer_attributes
    else:
        whose = {"TargetGroupArn": module.params["target_group_arn"]}
        describe = client.describe_target_group_attributes
        modify = client.modify_target_group_attributes
    found = {one["Key"]: one["Value"] for one in describe(**whose, aws_retry=True)["Attributes"]}
    wanted = {key: as_aws_writes(value) for key, value in module.params["attributes"].items()}
    missing = {key: value for key, value in wanted.items() if found.get(key) != value}
    if missing and not module.check_mode:
        modify(**whose, Attributes=[{"Key": key, "Value": missing[key]} for key in missing])
    module.exit_json(changed=bool(missing), changed_attributes=missing)


if __name__ == "__main__":
    main()
