#!/usr/bin/python
"""A NAT gateway with its own address."""

from __future__ import annotations

DOCUMENTATION = """
module: nat_gateway
short_description: Give a public subnet a NAT gateway with its own address
description:
  - Makes or removes the NAT gateway of one subnet together with its elastic address.
  - Both are found by their Name, so a run that was interrupted between them leaves no address behind.
author: MediCare Hub (@medicare-hub)
options:
  name:
    description: The Name of gateway and address.
    type: str
    required: true
  subnet_id:
    description: The public subnet. Required when O(state=present).
    type: str
  tags:
    description: Tags of both.
    type: dict
    default: {}
  state:
    description: Whether the gateway stands.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Lead the first zone's private subnet to the internet
  nat_gateway:
    name: hub-eu-west-2a
    subnet_id: subnet-0123456789abcdef0
"""

RETURN = """
nat_gateway:
  description: The gateway as EC2 describes it, empty when there is none.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, run, tag_specification


class NatGateway(Resource):
    service = "ec2"
    returned_as = "nat_gateway"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.tags = self.wanted["tags"] | {"Name": self.wanted["name"]}
        self.named = {"Name": "tag:Name", "Values": [self.wanted["name"]]}

    def find(self) -> dict[str, Any] | None:
        standing = {"Name": "state", "Values": ["pending", "available"]}
        gateways = self.client.describe_nat_gateways(Filter=[self.named, standing])["NatGateways"]
        return next(iter(gateways), None) or self._address_alone()

    def _address_alone(self) -> dict[str, Any] | None:
        """What an interrupted run left: an address without a gateway. It only counts for removal."""
        address = self._address() if self.wanted["state"] == "absent" else None
        return {"NatGatewayId": None} if address else None

    def _address(self) -> dict[str, Any] | None:
        return next(iter(self.client.describe_addresses(Filters=[self.named])["Addresses"]), None)

    def create(self) -> None:
        address = self._address() or self.client.allocate_address(
            Domain="vpc", TagSpecifications=tag_specification("elastic-ip", self.tags)
        )
        answer = self.client.create_nat_gateway(
            SubnetId=self.wanted["subnet_id"],
            AllocationId=address["AllocationId"],
            TagSpecifications=tag_specification("natgateway", self.tags),
        )
        self._wait("nat_gateway_available", answer["NatGateway"]["NatGatewayId"])

    def delete(self, found: dict[str, Any]) -> None:
        if found["NatGatewayId"]:
            self.client.delete_nat_gateway(NatGatewayId=found["NatGatewayId"])
            self._wait("nat_gateway_deleted", found["NatGatewayId"])
        if address := self._address():
            self.client.release_address(AllocationId=address["AllocationId"])

    def _wait(self, waiter: str, gateway_id: str) -> None:
        self.client.get_waiter(waiter).wait(NatGatewayIds=[gateway_id])


if __name__ == "__main__":
    run(
        NatGateway,
        {
            "name": {"type": "str", "required": True},
            "subnet_id": {"type": "str"},
            "tags": {"type": "dict", "default": {}},
        },
        required_if=[("state", "present", ["subnet_id"])],
    )
