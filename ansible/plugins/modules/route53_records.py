#!/usr/bin/python
"""Records of a hosted zone, changed together or not at all."""

DOCUMENTATION = r"""
module: route53_records
short_description: Keep records of a zone, or remove all of a name
description:
  - M(amazon.aws.route53) changes one record at a time and can't remove an alias without being told where
    it leads. A failover pair is of use only as a pair, and a teardown knows names alone.
options:
  zone: {description: Name of the public zone., type: str, required: true}
  records:
    description: ResourceRecordSets under AWS's own names; needed when V(present).
    type: list
    elements: dict
    default: []
  names:
    description:
      - Whose records go when V(absent), together with those below them that begin with C(_).
      - A name that begins with C(_) itself means its own records alone.
    type: list
    elements: str
  state:
    description: A zone that does not exist has no records to remove.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: absent | Remove the portal's records
  route53_records:
    zone: example.org
    names: [portal.example.org]
    state: absent
"""

RETURN = r"""
records: {description: The zone's C(id) and the records that stand., type: dict, returned: always}
"""

from typing import Any

from ansible.module_utils.aws_shapes import covers, pages
from ansible.module_utils.hub_resource import Resource, run

OF_THE_ZONE_ITSELF = frozenset({"NS", "SOA"})


def key(record: dict[str, Any]) -> tuple[str, str, str | None]:
    """The key of a record within its zone. AWS ends names with a dot."""
    return record["Name"].rstrip(".").lower(), record["Type"], record.get("SetIdentifier")


class Records(Resource):
    service = "route53"
    returned_as = "records"

    def find(self) -> dict[str, Any] | None:
        zone_id = self._zone_id()
        if zone_id is None:
            return None
        listed = pages(
            self.client, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone_id
        )
        ours = [record for record in listed if self._is_ours(record)]
        return {"id": zone_id, "records": ours} if ours else None

    def _zone_id(self) -> str | None:
        name = self.wanted["zone"].rstrip(".") + "."
        found = self.client.list_hosted_zones_by_name(DNSName=name, MaxItems="1", aws_retry=True)
        zones = [one for one in found["HostedZones"] if one["Name"] == name]
        if zones:
            return zones[0]["Id"].removeprefix("/hostedzone/")
        if self.wanted["state"] == "present":
            self.module.fail_json(msg=f"There is no public zone {name} in this account.")
        return None

    def _is_ours(self, record: dict[str, Any]) -> bool:
        if self.wanted["state"] == "present":
            return key(record) in {key(one) for one in self.wanted["records"]}
        name = key(record)[0]
        shown = name.partition(".")[2] if name.startswith("_") else name
        going = {one.rstrip(".").lower() for one in self.wanted["names"]}
        return (shown in going or name in going) and record["Type"] not in OF_THE_ZONE_ITSELF

    def create(self) -> None:
        # Without a zone, `find` has ended the module.
        self._change("UPSERT", str(self._zone_id()), self.wanted["records"])

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        standing = {key(record): record for record in found["records"]}
        unlike = {}
        for record in self.wanted["records"]:
            wanted = {name: value for name, value in record.items() if name != "Name"}
            if not covers(standing.get(key(record)), wanted):
                unlike[" ".join(filter(None, key(record)))] = record
        return unlike

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self._change("UPSERT", found["id"], list(differences.values()))

    def delete(self, found: dict[str, Any]) -> None:
        self._change("DELETE", found["id"], found["records"])

    def _change(self, action: str, zone_id: str, records: list[dict[str, Any]]) -> None:
        self.client.change_resource_record_sets(
            HostedZoneId=zone_id,
            ChangeBatch={
                "Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]
            },
        )


if __name__ == "__main__":
    run(
        Records,
        {
            "zone": {"type": "str", "required": True},
            "records": {"type": "list", "elements": "dict", "default": []},
            "names": {"type": "list", "elements": "str"},
        },
        required_if=[("state", "absent", ["names"])],
    )
