#!/usr/bin/python
"""Protections that hold for a whole account."""

from __future__ import annotations

DOCUMENTATION = """
module: account_protection
short_description: Protections of a whole account and region
description:
  - Encrypts every new disk, and keeps every bucket, image and snapshot of the account from the public.
  - Makes new instances demand session tokens of their metadata service (IMDSv2) unless told otherwise.
author: MediCare Hub (@medicare-hub)
options:
  account_id:
    description: The account. S3 wants to be told.
    type: str
    required: true
  state:
    description: Whether the account is protected.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.boto3
"""

EXAMPLES = """
- name: Protect the whole account
  account_protection:
    account_id: "123456789012"
"""

RETURN = """
account_protection:
  description: The protections that are on.
  type: dict
  returned: always
"""

from typing import Any

from ansible.module_utils.hub_resource import Resource, changes, run
from ansible_collections.amazon.aws.plugins.module_utils.botocore import is_boto3_error_code

BLOCK_ALL = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
PROTECTED = {
    "DisksEncrypted": True,
    "ImagesBlocked": "block-new-sharing",
    "SnapshotsBlocked": "block-all-sharing",
    "MetadataTokens": "required",
    "BucketsBlocked": BLOCK_ALL,
}
UNPROTECTED = {
    "DisksEncrypted": False,
    "ImagesBlocked": "unblocked",
    "SnapshotsBlocked": "unblocked",
    "MetadataTokens": None,
    "BucketsBlocked": None,
}


class AccountProtection(Resource):
    service = "ec2"
    returned_as = "account_protection"

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self.buckets = module.client("s3control")
        self.account = {"AccountId": self.wanted["account_id"]}

    def find(self) -> dict[str, Any] | None:
        ec2 = self.client
        found = {
            "DisksEncrypted": ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"],
            "ImagesBlocked": ec2.get_image_block_public_access_state()[
                "ImageBlockPublicAccessState"
            ],
            "SnapshotsBlocked": ec2.get_snapshot_block_public_access_state()["State"],
            "MetadataTokens": ec2.get_instance_metadata_defaults()["AccountLevel"].get(
                "HttpTokens"
            ),
            "BucketsBlocked": self._buckets_blocked(),
        }
        return found if found != UNPROTECTED else None

    def _buckets_blocked(self) -> dict[str, bool] | None:
        try:
            answer = self.buckets.get_public_access_block(**self.account)
        except is_boto3_error_code("NoSuchPublicAccessBlockConfiguration"):
            return None
        return answer["PublicAccessBlockConfiguration"]

    def create(self) -> None:
        self.client.enable_ebs_encryption_by_default()
        self.client.enable_image_block_public_access(
            ImageBlockPublicAccessState=PROTECTED["ImagesBlocked"]
        )
        self.client.enable_snapshot_block_public_access(State=PROTECTED["SnapshotsBlocked"])
        self.client.modify_instance_metadata_defaults(HttpTokens=PROTECTED["MetadataTokens"])
        self.buckets.put_public_access_block(
            **self.account, PublicAccessBlockConfiguration=BLOCK_ALL
        )

    def differences(self, found: dict[str, Any]) -> dict[str, Any]:
        return changes(found, PROTECTED)

    def update(self, found: dict[str, Any], differences: dict[str, Any]) -> None:
        self.create()

    def delete(self, found: dict[str, Any]) -> None:
        self.client.disable_ebs_encryption_by_default()
        self.client.disable_image_block_public_access()
        self.client.disable_snapshot_block_public_access()
        self.client.modify_instance_metadata_defaults(HttpTokens="no-preference")
        self.buckets.delete_public_access_block(**self.account)


if __name__ == "__main__":
    run(AccountProtection, {"account_id": {"type": "str", "required": True}})
