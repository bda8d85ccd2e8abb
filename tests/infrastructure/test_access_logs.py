"""Every read and write of a bucket of the hub is logged in a bucket to which only S3 may write."""

import json

from tests.infrastructure.account import Account
from tests.infrastructure.figures import PREFIX

ACCOUNT = "123456789012"
BUCKET = f"{PREFIX}-access-logs-{ACCOUNT}"


def test_every_other_bucket_logs_into_it_below_its_own_prefix(account: Account) -> None:
    s3 = account.client("s3")
    names = {one["Name"] for one in s3.list_buckets()["Buckets"]} - {BUCKET}
    logs = {name: s3.get_bucket_logging(Bucket=name).get("LoggingEnabled", {}) for name in names}

    assert {name: log.get("TargetBucket") for name, log in logs.items()} == dict.fromkeys(
        (f"{PREFIX}-{name}-{ACCOUNT}" for name in ("balancer-logs", "trail", "waiting-page")),
        BUCKET,
    )
    assert {log["TargetPrefix"] for log in logs.values()} == {
        "balancer-logs/",
        "trail/",
        "waiting-page/",
    }


def test_only_s3_writes_into_it_for_our_buckets(account: Account) -> None:
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=BUCKET)["Policy"])
    (allowed,) = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    (denied,) = [one for one in policy["Statement"] if one["Effect"] == "Deny"]

    assert allowed["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{PREFIX}-*"},
    }
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_it_is_private_versioned_and_encrypted_as_s3_can_deliver(account: Account) -> None:
    s3 = account.client("s3")
    blocked = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    (owner,) = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]

    assert set(blocked.values()) == {True}
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_logs_expire(account: Account) -> None:
    (rule,) = account.client("s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]

    assert rule["Expiration"]["Days"] == 365
    assert rule["NoncurrentVersionExpiration"]["NoncurrentDays"] == 1
