#!/usr/bin/python
"""A zone whose answers are signed (DNSSEC)."""

from __future__ import annotations

DOCUMENTATION = """
module: route53_zone_signing
short_description: Sign a public zone of Route 53, or stop signing it
description:
  - Makes one key-signing key of a key in KMS, and lets Route 53 sign with it.
  - Stops in the order in which AWS allows it. The DS record must be gone from the parent zone before, and
    its time to live be over; else nobody who validates can find the zone.
author: MediCare Hub (@medicare-hub)
options:
  zone:
    description: The zone's name.
    type: str
    required: true
  name:
    description: Name of the key-signing key, of letters, digits and underscores. For O(state=present).
    type: str
  kms_key_arn:
    description: An ECC_NIST_P256 key in us-east-1. Required when O(state=present).
    type: str
  state:
    description: Whether the zone is signed.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Sign the zone
  route53_zone_signing:
    zone: hospital.example
    name: hub
    kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/0d1e
  register: signed

- name: Show what the registrar needs
  ansible.builtin.debug:
    msg: "{{ signed.zone_signing.key_signing_keys | map(attribute='ds_record') | list }}"
"""

RETURN = """
zone_signing:
  description: The zone's C(zone_id), C(status) and C(key_signing_keys); empty when nothing is signed.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, run

UNSIGNED = ("NOT_SIGNING", "DELETING", "INTERNAL_FAILURE")
"""After an internal failure, Route 53 requires enabling signing again."""


class Signing(Resource):
    service = "route53"
    returned_as = "zone_signing"

    def find(self) -> dict[str, Any] | None:
        zone_id = self._zone_id()
        if zone_id is None:
            return None
        answer = self.client.get_dnssec(HostedZoneId=zone_id)
        status, keys = answer["Status"], answer.get("KeySigningKeys", [])
        if status["ServeSignature"] == "NOT_SIGNING" and not keys:
            return None
        return {"ZoneId": zone_id, "Status": status, "KeySigningKeys": keys}

    def _zone_id(self) -> str | None:
        name = self.wanted["zone"].rstrip(".") + "."
        found = self.client.list_hosted_zones_by_name(DNSName=name, MaxItems="1", aws_retry=True)
        zones = [one["Id"] for one in found["HostedZones"] if one["Name"] == name]
        return zones[0].removeprefix("/hostedzone/") if zones else None

    def create(self) -> None:
        zone_id = self._zone_id()
        if zone_id is None:
            self.module.fail_json(msg=f"There is no zone {self.wanted['zone']} to sign.")
        nothing = {"ZoneId": zone_id, "Status": {"ServeSignature": "NOT_SIGNING"}}
        self.update(nothing, self.differences(nothing))

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        key = self._key(found)
        return {
            **({} if key else {"key_signing_key": self.wanted["name"]}),
            **({"inactive": self.wanted["name"]} if key and key["Status"] == "INACTIVE" else {}),
            **({"signed": True} if found["Status"]["ServeSignature"] in UNSIGNED else {}),
        }

    def _key(self, found: dict[str, Any]) -> dict[str, Any] | None:
        keys = found.get("KeySigningKeys", [])
        return next((one for one in keys if one["Name"] == self.wanted["name"]), None)

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        zone_id, name = found["ZoneId"], self.wanted["name"]
        if "key_signing_key" in differences:
            self._done(
                self.client.create_key_signing_key(
                    # If the answer was lost, the same request returns the same key.
                    CallerReference=f"{name} {self.wanted['kms_key_arn']}"[:128],
                    HostedZoneId=zone_id,
                    KeyManagementServiceArn=self.wanted["kms_key_arn"],
                    Name=name,
                    Status="ACTIVE",
                )
            )
        if "inactive" in differences:
            self._done(self.client.activate_key_signing_key(HostedZoneId=zone_id, Name=name))
        if "signed" in differences:
            self._done(self.client.enable_hosted_zone_dnssec(HostedZoneId=zone_id))

    def delete(self, found: dict[str, Any]) -> None:
        """Stops signing, then deactivates the key, then deletes it: AWS only allows this order."""
        zone_id = found["ZoneId"]
        if found["Status"]["ServeSignature"] not in ("NOT_SIGNING", "DELETING"):
            self._done(self.client.disable_hosted_zone_dnssec(HostedZoneId=zone_id))
        for key in found["KeySigningKeys"]:
            which = {"HostedZoneId": zone_id, "Name": key["Name"]}
            if key["Status"] != "INACTIVE":
                self._done(self.client.deactivate_key_signing_key(**which))
            self._done(self.client.delete_key_signing_key(**which))

    def _done(self, answer: dict[str, Any]) -> None:
        """Waits until all name servers have the change."""
        waiter = self.client.get_waiter("resource_record_sets_changed")
        waiter.wait(Id=answer["ChangeInfo"]["Id"], WaiterConfig={"Delay": 5, "MaxAttempts": 60})


if __name__ == "__main__":
    run(
        Signing,
        {
            "zone": {"type": "str", "required": True},
            "name": {"type": "str"},
            "kms_key_arn": {"type": "str"},
        },
        required_if=[("state", "present", ["name", "kms_key_arn"])],
    )
