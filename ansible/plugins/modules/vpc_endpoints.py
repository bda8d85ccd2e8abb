#!/usr/bin/python
"""The endpoints of a VPC, as one whole."""

from __future__ import annotations

DOCUMENTATION = """
module: vpc_endpoints
short_description: Bring all endpoints of a VPC to these services
description:
  - Makes a gateway endpoint for S3 and an interface endpoint for each listed service.
  - Keeps their subnets, security group, route tables and policy as listed, and removes what is not listed.
author: MediCare Hub (@medicare-hub)
options:
  vpc_id:
    description: The VPC.
    type: str
    required: true
  name:
    description: The Name of each endpoint; the service is added.
    type: str
    required: true
  services:
    description: Services with an interface endpoint, by the last part of their name.
    type: list
    elements: str
    default: []
  optional_services:
    description: Those of the services that some regions lack. Where they are not offered, they are left out.
    type: list
    elements: str
    default: []
  subnet_ids:
    description: Subnets in which interface endpoints have an address.
    type: list
    elements: str
    default: []
  security_group_id:
    description: The security group of interface endpoints.
    type: str
  route_table_ids:
    description: Route tables that lead to S3 through the gateway endpoint.
    type: list
    elements: str
    default: []
  policy:
    description: What may be asked through an interface endpoint.
    type: json
  gateway_policy:
    description: What may be asked of S3 through the gateway endpoint.
    type: json
  tags:
    description: Tags of new endpoints.
    type: dict
    default: {}
  state:
    description: Whether the endpoints stand.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Reach S3 and the logs without leaving the network
  vpc_endpoints:
    vpc_id: vpc-0123456789abcdef0
    name: hub
    services: [logs]
    subnet_ids: [subnet-0123456789abcdef0]
    security_group_id: sg-0123456789abcdef0
    route_table_ids: [rtb-0123456789abcdef0]
    policy: "{{ lookup('ansible.builtin.file', 'policy.json') }}"
    gateway_policy: "{{ lookup('ansible.builtin.file', 's3.json') }}"
"""

RETURN = """
vpc_endpoints:
  description: The id of each endpoint by the last part of its service's name.
  type: dict
  returned: always
"""

import time
from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible.module_utils.endpoint_shapes import GATEWAY, changes, placement, policy
from ansible.module_utils.hub_resource import Resource, run, tag_specification

GONE_AFTER_SECONDS = 600


class VpcEndpoints(Resource):
    service = "ec2"
    returned_as = "vpc_endpoints"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.services = [GATEWAY, *self._offered()]

    def _offered(self) -> list[str]:
        """The wanted services, without optional ones that the region lacks."""
        optional = set(self.wanted["optional_services"])
        if not optional or self.wanted["state"] == "absent":
            return list(self.wanted["services"])
        offered = {
            one.rpartition(".")[2]
            for one in pages(self.client, "describe_vpc_endpoint_services", "ServiceNames")
        }
        return [one for one in self.wanted["services"] if one in offered or one not in optional]

    def find(self) -> dict[str, Any] | None:
        endpoints = self._standing()
        return {service: one["VpcEndpointId"] for service, one in endpoints.items()} or None

    def _standing(self) -> dict[str, dict[str, Any]]:
        answer = self.client.describe_vpc_endpoints(
            Filters=[{"Name": "vpc-id", "Values": [self.wanted["vpc_id"]]}]
        )
        return {
            endpoint["ServiceName"].rpartition(".")[2]: endpoint
            for endpoint in answer["VpcEndpoints"]
            if endpoint["State"].lower() not in ("deleting", "deleted")
        }

    def create(self) -> None:
        for service in self.services:
            self._create(service)

    def _create(self, service: str) -> None:
        tags = self.wanted["tags"] | {"Name": f"{self.wanted['name']}-{service}"}
        self.client.create_vpc_endpoint(
            VpcId=self.wanted["vpc_id"],
            ServiceName=f"com.amazonaws.{self.client.meta.region_name}.{service}",
            TagSpecifications=tag_specification("vpc-endpoint", tags),
            PolicyDocument=policy(service, self.wanted),
            **placement(service, self.wanted),
        )

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        """The change for each service's endpoint: "missing", "unwanted", or the request that changes it."""
        standing = self._standing()
        needs: dict[str, Any] = dict.fromkeys(standing, "unwanted")
        for service in self.services:
            endpoint = standing.get(service)
            needs[service] = changes(service, endpoint, self.wanted) if endpoint else "missing"
        return {service: need for service, need in needs.items() if need}

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        for service, need in differences.items():
            if need == "missing":
                self._create(service)
            elif need == "unwanted":
                self._delete([found[service]])
            else:
                self.client.modify_vpc_endpoint(VpcEndpointId=found[service], **need)

    def delete(self, found: dict[str, Any]) -> None:
        self._delete(list(found.values()))
        self._wait_until_gone()

    def _delete(self, ids: list[str]) -> None:
        failures = self.client.delete_vpc_endpoints(VpcEndpointIds=ids)["Unsuccessful"]
        if failures:
            self.module.fail_json(msg=f"AWS could not delete endpoints: {failures}")

    def _wait_until_gone(self) -> None:
        """As long as their network interfaces exist, subnets and security groups can't be deleted."""
        interfaces = [
            {"Name": "vpc-id", "Values": [self.wanted["vpc_id"]]},
            {"Name": "interface-type", "Values": ["vpc_endpoint"]},
        ]
        deadline = time.monotonic() + GONE_AFTER_SECONDS
        while self.client.describe_network_interfaces(Filters=interfaces)["NetworkInterfaces"]:
            if time.monotonic() > deadline:
                self.module.fail_json(msg="The endpoints' network interfaces are still there")
            time.sleep(10)


if __name__ == "__main__":
    run(
        VpcEndpoints,
        {
            "vpc_id": {"type": "str", "required": True},
            "name": {"type": "str", "required": True},
            "services": {"type": "list", "elements": "str", "default": []},
            "optional_services": {"type": "list", "elements": "str", "default": []},
            "subnet_ids": {"type": "list", "elements": "str", "default": []},
            "security_group_id": {"type": "str"},
            "route_table_ids": {"type": "list", "elements": "str", "default": []},
            "policy": {"type": "json"},
            "gateway_policy": {"type": "json"},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["policy", "gateway_policy", "security_group_id"])],
    )
