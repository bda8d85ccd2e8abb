#!/usr/bin/python
"""Attributes of a load balancer or a target group that the collections' modules don't know."""

DOCUMENTATION = r"""
module: elb_attributes
short_description: Set attributes of a load balancer or a target group
options:
  load_balancer: {description: Name of the load balancer., type: str}
  target_group: {description: Or name of the target group., type: str}
  attributes: {description: Values by AWS's own keys., type: dict, required: true}
  must_exist:
    description: Without it, what does not exist is left alone, as a teardown needs it.
    type: bool
    default: true
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | Let traffic be shifted away from a zone
  elb_attributes:
    load_balancer: medicare-hub-staging
    attributes:
      zonal_shift.config.enabled: true
"""

RETURN = r"""
differences: {description: What was set., type: dict, returned: always}
"""

from typing import Any

from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

NOT_THERE = ["LoadBalancerNotFound", "TargetGroupNotFound"]


def as_aws_writes(value: object) -> str:
    """Attributes are strings, with booleans in lowercase."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def owner(module: AnsibleAWSModule, client: Any) -> dict[str, str]:
    """The argument that names the load balancer or target group."""
    try:
        if module.params["load_balancer"]:
            found = client.describe_load_balancers(
                Names=[module.params["load_balancer"]], aws_retry=True
            )
            return {"LoadBalancerArn": found["LoadBalancers"][0]["LoadBalancerArn"]}
        found = client.describe_target_groups(Names=[module.params["target_group"]], aws_retry=True)
        return {"TargetGroupArn": found["TargetGroups"][0]["TargetGroupArn"]}
    except is_boto3_error_code(NOT_THERE) as failure:
        if module.params["must_exist"]:
            module.fail_json_aws(failure, msg="The load balancer or target group does not exist")
        module.exit_json(changed=False, differences={})
        raise  # neither of the two returns


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "load_balancer": {"type": "str"},
            "target_group": {"type": "str"},
            "attributes": {"type": "dict", "required": True},
            "must_exist": {"type": "bool", "default": True},
        },
        required_one_of=[("load_balancer", "target_group")],
        mutually_exclusive=[("load_balancer", "target_group")],
        supports_check_mode=True,
    )
    client = module.client("elbv2", retry_decorator=AWSRetry.jittered_backoff())
    whose = owner(module, client)
    kind = "load_balancer" if "LoadBalancerArn" in whose else "target_group"
    answer = getattr(client, f"describe_{kind}_attributes")(**whose, aws_retry=True)
    found = {one["Key"]: one["Value"] for one in answer["Attributes"]}
    wanted = {key: as_aws_writes(value) for key, value in module.params["attributes"].items()}
    differences = {key: value for key, value in wanted.items() if found.get(key) != value}
    if differences and not module.check_mode:
        changes = [{"Key": key, "Value": value} for key, value in differences.items()]
        getattr(client, f"modify_{kind}_attributes")(**whose, Attributes=changes)
    module.exit_json(changed=bool(differences), differences=differences)


if __name__ == "__main__":
    main()
