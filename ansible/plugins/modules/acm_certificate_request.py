#!/usr/bin/python
"""A certificate that ACM issues itself once DNS shows whose the names are."""

DOCUMENTATION = r"""
module: acm_certificate_request
short_description: Request a DNS-validated certificate, and wait for it
description:
  - Finds certificates by their C(Name) tag. One whose names differ is left for its listeners; a new
    one is requested, as names of a certificate can't be changed.
  - Ask first without O(wait), make the O(ignore:validation_records), then ask again with it.
options:
  name: {description: Value of the C(Name) tag., type: str, required: true}
  domains:
    description: The names that it is for; the first is its own.
    type: list
    elements: str
    default: []
  tags: {description: Further tags of a new certificate., type: dict, default: {}}
  wait: {description: Wait until it is issued., type: bool, default: false}
  wait_timeout: {description: Seconds to wait., type: int, default: 1800}
  state:
    description: V(absent) deletes every certificate with this name.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | request the certificate
  acm_certificate_request:
    name: medicare-hub-production
    domains: [portal.example.org]
"""

RETURN = r"""
arn: {description: The certificate's ARN., type: str, returned: when present}
status: {description: What ACM says of it., type: str, returned: when present}
validation_records:
  description: The records that show ACM whose the names are, as M(route53_records) takes them.
  type: list
  elements: dict
  returned: when present
"""

import time
from typing import Any

from ansible.module_utils.aws_shapes import pages
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.retries import AWSRetry

LIVE = ["PENDING_VALIDATION", "ISSUED"]
POLL_SECONDS = 5


class Certificate:
    """The certificates with one name."""

    def __init__(self, module: AnsibleAWSModule) -> None:
        self.module = module
        self.client = module.client(
            "acm",
            # A load balancer that was just deleted keeps its certificate in use for some seconds.
            retry_decorator=AWSRetry.jittered_backoff(
                catch_extra_error_codes=["ResourceInUseException"]
            ),
        )
        self.changed = False

    def ensure_present(self) -> dict[str, Any]:
        wanted = set(self.module.params["domains"])
        arn = next((arn for arn in self._arns(LIVE) if set(self._names(arn)) == wanted), None)
        if arn is None:
            self.changed = True
            if self.module.check_mode:
                self.module.exit_json(changed=True)
            arn = self._request()
        records = self._records(arn)
        return {"arn": arn, "validation_records": records, "status": self._describe(arn)["Status"]}

    def ensure_absent(self) -> None:
        for arn in self._arns(None):
            self.changed = True
            if not self.module.check_mode:
                self.client.delete_certificate(CertificateArn=arn, aws_retry=True)

    def _arns(self, statuses: list[str] | None) -> list[str]:
        which = {"CertificateStatuses": statuses} if statuses else {}
        found = pages(self.client, "list_certificates", "CertificateSummaryList", **which)
        return [one["CertificateArn"] for one in found if self._is_ours(one["CertificateArn"])]

    def _is_ours(self, arn: str) -> bool:
        tags = self.client.list_tags_for_certificate(CertificateArn=arn, aws_retry=True)["Tags"]
        return {"Key": "Name", "Value": self.module.params["name"]} in tags

    def _describe(self, arn: str) -> dict[str, Any]:
        found = self.client.describe_certificate(CertificateArn=arn, aws_retry=True)
        return found["Certificate"]

    def _names(self, arn: str) -> list[str]:
        found = self._describe(arn)
        return [found["DomainName"], *found.get("SubjectAlternativeNames", [])]

    def _request(self) -> str:
        first, *others = self.module.params["domains"]
        tags = {**self.module.params["tags"], "Name": self.module.params["name"]}
        more = {"SubjectAlternativeNames": others} if others else {}
        made = self.client.request_certificate(
            DomainName=first,
            ValidationMethod="DNS",
            Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
            **more,
        )
        return made["CertificateArn"]

    def _records(self, arn: str) -> list[dict[str, Any]]:
        """ACM only returns them a few seconds after the request."""
        deadline = time.monotonic() + self.module.params["wait_timeout"]
        while True:
            found = self._describe(arn)
            options = found.get("DomainValidationOptions", [])
            known = options and all("ResourceRecord" in one for one in options)
            if known and (found["Status"] == "ISSUED" or not self.module.params["wait"]):
                break
            if found["Status"] not in LIVE or time.monotonic() > deadline:
                self.module.fail_json(
                    msg=f"The certificate {arn} is {found['Status']}. Check that the zone's name"
                    " servers are those at the registrar, and that no CAA record forbids amazon.com."
                )
            time.sleep(POLL_SECONDS)
        shown = {one["ResourceRecord"]["Name"]: one["ResourceRecord"] for one in options}
        return [_record_set(shown[name]) for name in sorted(shown)]


def _record_set(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "Name": record["Name"],
        "Type": record["Type"],
        "TTL": 300,
        "ResourceRecords": [{"Value": record["Value"]}],
    }


def main() -> None:
    module = AnsibleAWSModule(
        argument_spec={
            "name": {"type": "str", "required": True},
            "domains": {"type": "list", "elements": "str", "default": []},
            "tags": {"type": "dict", "default": {}},
            "wait": {"type": "bool", "default": False},
            "wait_timeout": {"type": "int", "default": 1800},
            "state": {"choices": ["present", "absent"], "default": "present"},
        },
        supports_check_mode=True,
    )
    certificate = Certificate(module)
    facts = {}
    if module.params["state"] == "present":
        facts = certificate.ensure_present()
    else:
        certificate.ensure_absent()
    module.exit_json(changed=certificate.changed, **facts)


if __name__ == "__main__":
    main()
