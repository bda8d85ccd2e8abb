#!/usr/bin/python
"""The zones that a network spans."""

from __future__ import annotations

DOCUMENTATION = """
module: network_zones
short_description: The zones of a region that offer what is needed
description:
  - Takes the first zones, by name, that offer every listed instance type.
  - A network that stands keeps its own.
author: MediCare Hub (@medicare-hub)
options:
  instance_types:
    description: What each zone must offer.
    type: list
    elements: str
    default: []
  tags:
    description: Tags of the subnets of a network that stands.
    type: dict
    required: true
  count:
    description: How many zones are wanted.
    type: int
    default: 3
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Ask which zones have what is needed
  network_zones:
    instance_types: [m7i.large]
    tags: {Project: medicare-hub, Environment: production}
"""

RETURN = """
zones:
  description: The zones' names; fewer than wanted when there are no more.
  type: list
  elements: str
  returned: always
passed_over:
  description: For each zone that was left out what it does not offer.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry


def standing(client: Any, tags: dict[str, str]) -> list[str]:
    """The zones of the existing subnets."""
    filters = [{"Name": f"tag:{name}", "Values": [value]} for name, value in tags.items()]
    subnets = pages(client, "describe_subnets", "Subnets", Filters=filters)
    return sorted({one["AvailabilityZone"] for one in subnets})


def available(client: Any) -> list[str]:
    filters = [
        {"Name": "state", "Values": ["available"]},
        {"Name": "zone-type", "Values": ["availability-zone"]},
    ]
    found = client.describe_availability_zones(Filters=filters, aws_retry=True)
    return sorted(one["ZoneName"] for one in found["AvailabilityZones"])


def offered(client: Any, types: list[str]) -> set[tuple[str, str]]:
    """Each zone with each of the types that it offers."""
    found = pages(
        client,
        "describe_instance_type_offerings",
        "InstanceTypeOfferings",
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": types}],
    )
    return {(one["Location"], one["InstanceType"]) for one in found}


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "instance_types": {"type": "list", "elements": "str", "default": []},
            "tags": {"type": "dict", "required": True},
            "count": {"type": "int", "default": 3},
        },
        supports_check_mode=True,
    )
    client = module.client("ec2", retry_decorator=AWSRetry.jittered_backoff())
    zones = standing(client, module.params["tags"])
    if len(zones) >= module.params["count"]:
        module.exit_json(changed=False, zones=zones, passed_over={})
    types = module.params["instance_types"]
    has = offered(client, types) if types else set()
    lacks = {
        zone: missing
        for zone in available(client)
        if (missing := [one for one in types if (zone, one) not in has])
    }
    good = [zone for zone in available(client) if zone not in lacks]
    module.exit_json(changed=False, zones=good[: module.params["count"]], passed_over=lacks)


if __name__ == "__main__":
    main()
