#!/usr/bin/python
"""A CloudFront distribution in front of a private bucket, with the origin access control between."""

DOCUMENTATION = r"""
module: cloudfront_private_site
short_description: Show a private S3 bucket's files through CloudFront
description:
  - Makes an origin access control and a distribution whose origins all use it. Finds the first by
    its name and the second by its comment; both are O(name).
options:
  name: {description: Name of the access control and comment of the distribution., type: str, required: true}
  config:
    description: A DistributionConfig under AWS's own names, without comment and caller's reference.
    type: dict
    default: {}
  tags: {description: Tags of the distribution., type: dict, default: {}}
  wait_timeout:
    description: Seconds in which CloudFront may put a change everywhere.
    type: int
    default: 1800
  state:
    description: V(absent) disables the distribution, waits until that is so everywhere, and deletes both.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: present | show the waiting page
  cloudfront_private_site:
    name: medicare-hub-production-waiting-page
    config: {Enabled: true, DefaultRootObject: index.html}
"""

RETURN = r"""
site:
  description: The distribution with C(arn), C(id) and C(domain_name), and C(access_control_id).
  type: dict
  returned: always
"""

from copy import deepcopy
from typing import Any
from uuid import uuid4

from ansible.module_utils.aws_shapes import merged, uncovered
from ansible.module_utils.hub_resource import Resource, run, tag_list

POLL_SECONDS = 15
UNUSED_OLDER_ACCESS = {"OriginAccessIdentity": ""}


class PrivateSite(Resource):
    """`find` returns those of the two that exist: the control's id and the distribution."""

    service = "cloudfront"
    returned_as = "site"

    def find(self) -> dict[str, Any] | None:
        found = {"AccessControlId": self._access_control_id(), **(self._distribution() or {})}
        return found if any(found.values()) else None

    def _distribution(self) -> dict[str, Any] | None:
        found = self.client.get_paginator("list_distributions").paginate()
        items = [one for page in found for one in page["DistributionList"].get("Items") or []]
        return next((one for one in items if one["Comment"] == self.wanted["name"]), None)

    def _access_control_id(self) -> str | None:
        # boto3 has no paginator for it; an account has at most 100 by default.
        found = self.client.list_origin_access_controls(MaxItems="100", aws_retry=True)
        items = found["OriginAccessControlList"].get("Items") or []
        return next((one["Id"] for one in items if one["Name"] == self.wanted["name"]), None)

    def create(self) -> None:
        self._create_distribution(self._create_access_control())

    def _create_access_control(self) -> str:
        made = self.client.create_origin_access_control(
            OriginAccessControlConfig={
                "Name": self.wanted["name"],
                "SigningProtocol": "sigv4",
                "SigningBehavior": "always",
                "OriginAccessControlOriginType": "s3",
            }
        )
        return made["OriginAccessControl"]["Id"]

    def _create_distribution(self, control: str) -> None:
        self.client.create_distribution_with_tags(
            DistributionConfigWithTags={
                "DistributionConfig": {**self._config(control), "CallerReference": str(uuid4())},
                "Tags": {"Items": tag_list(self.wanted["tags"])},
            }
        )

    def _config(self, control: str) -> dict[str, Any]:
        config = {**deepcopy(self.wanted["config"]), "Comment": self.wanted["name"]}
        for origin in config["Origins"]["Items"]:
            origin["OriginAccessControlId"] = control
            origin["S3OriginConfig"] = UNUSED_OLDER_ACCESS
        return config

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        control = found["AccessControlId"]
        if not control or "Id" not in found:
            return {"half_made": True}
        standing = self._standing_config(found)["DistributionConfig"]
        wanted = self._config(control)
        return uncovered(standing, wanted)

    def _standing_config(self, found: dict[str, Any]) -> dict[str, Any]:
        return self.client.get_distribution_config(Id=found["Id"], aws_retry=True)

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        control = found["AccessControlId"] or self._create_access_control()
        if "Id" in found:
            self._put(found, self._config(control))
        else:
            self._create_distribution(control)

    def _put(self, found: dict[str, Any], config: dict[str, Any]) -> dict[str, Any]:
        standing = self._standing_config(found)
        # AWS also returns the certificate under an older name.
        certificate = {name: config[name] for name in ("ViewerCertificate",) if name in config}
        return self.client.update_distribution(
            Id=found["Id"],
            IfMatch=standing["ETag"],
            DistributionConfig=merged(standing["DistributionConfig"], config) | certificate,
        )

    def delete(self, found: dict[str, Any]) -> None:
        if "Id" in found:
            self._delete_distribution(found)
        control = found["AccessControlId"]
        if control:
            etag = self.client.get_origin_access_control(Id=control, aws_retry=True)["ETag"]
            self.client.delete_origin_access_control(Id=control, IfMatch=etag)

    def _delete_distribution(self, found: dict[str, Any]) -> None:
        """Only a distribution that is disabled everywhere can be deleted."""
        etag = self._put(found, {"Enabled": False})["ETag"]
        attempts = max(1, self.wanted["wait_timeout"] // POLL_SECONDS)
        self.client.get_waiter("distribution_deployed").wait(
            Id=found["Id"], WaiterConfig={"Delay": POLL_SECONDS, "MaxAttempts": attempts}
        )
        self.client.delete_distribution(Id=found["Id"], IfMatch=etag)


if __name__ == "__main__":
    run(
        PrivateSite,
        {
            "name": {"type": "str", "required": True},
            "config": {"type": "dict", "default": {}},
            "tags": {"type": "dict", "default": {}},
            "wait_timeout": {"type": "int", "default": 1800},
        },
    )
