"""Actions are recorded in every region, kept where nobody can change them, and reported."""

import json
from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.figures import PREFIX

BUCKET = f"{PREFIX}-trail-123456789012"


@pytest.fixture
def trail(account: Account) -> dict[str, Any]:
    found: dict[str, Any] = account.client("cloudtrail").get_trail(Name=PREFIX)["Trail"]
    return found


def test_the_trail_covers_every_region_and_is_validated(
    account: Account, trail: dict[str, Any]
) -> None:
    assert trail["IsMultiRegionTrail"]
    assert trail["IncludeGlobalServiceEvents"]
    assert trail["LogFileValidationEnabled"]
    assert account.client("cloudtrail").get_trail_status(Name=PREFIX)["IsLogging"]


def test_the_trail_is_encrypted_and_can_be_searched(
    account: Account, trail: dict[str, Any]
) -> None:
    key = account.client("kms").describe_key(KeyId=f"alias/{PREFIX}-logs")["KeyMetadata"]["Arn"]

    assert trail["KmsKeyId"] == key
    assert trail["CloudWatchLogsLogGroupArn"].endswith(
        ":log-group:/medicare-hub/production/trail:*"
    )
    assert trail["S3BucketName"] == BUCKET


def test_its_bucket_is_private_versioned_and_encrypted(account: Account) -> None:
    s3 = account.client("s3")
    block = s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]

    assert set(block.values()) == {True}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


def test_nobody_writes_into_it_but_the_trail_and_the_recorder_over_tls(account: Account) -> None:
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=BUCKET)["Policy"])
    allowed = [one for one in policy["Statement"] if one["Effect"] == "Allow"]
    denied = [one for one in policy["Statement"] if one["Effect"] == "Deny"]

    assert {one["Principal"]["Service"] for one in allowed} == {
        "cloudtrail.amazonaws.com",
        "config.amazonaws.com",
    }
    assert all("StringEquals" in one["Condition"] for one in allowed)
    assert denied[0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_history_is_kept_as_long_as_the_law_requires(account: Account) -> None:
    (rule,) = account.client("s3").get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]

    assert rule["Expiration"]["Days"] >= 6 * 365


def test_its_role_may_write_only_into_its_log_group(account: Account) -> None:
    policy = account.client("iam").get_role_policy(RoleName=f"{PREFIX}-trail", PolicyName="write")
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert ":log-group:/medicare-hub/production/trail:log-stream:" in statement["Resource"]
    assert sorted(statement["Action"]) == ["logs:CreateLogStream", "logs:PutLogEvents"]


def test_every_change_is_recorded_and_checked(account: Account) -> None:
    config = account.client("config")
    (recorder,) = config.describe_configuration_recorders()["ConfigurationRecorders"]
    (status,) = config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"]
    rules = account.all("config", "describe_config_rules", "ConfigRules")

    assert recorder["recordingGroup"]["allSupported"]
    assert recorder["roleARN"].endswith("AWSServiceRoleForConfig")
    assert status["recording"]
    assert len(rules) > 40


def test_guardduty_is_on(account: Account) -> None:
    guardduty = account.client("guardduty")
    (one,) = guardduty.list_detectors()["DetectorIds"]
    detector = guardduty.get_detector(DetectorId=one)

    assert detector["Status"] == "ENABLED"
    assert detector["FindingPublishingFrequency"] == "FIFTEEN_MINUTES"
    assert {"S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"} <= {
        feature["Name"] for feature in detector["Features"] if feature["Status"] == "ENABLED"
    }


@pytest.mark.parametrize(
    ("rule", "source", "topic"),
    [
        ("database-failover", "aws.rds", "now"),
        ("backup-failed", "aws.backup", "soon"),
        ("restore-failed", "aws.backup", "now"),
        ("intruder", "aws.guardduty", "now"),
        ("aws-is-ill", "aws.health", "now"),
    ],
)
def test_events_that_aws_reports_reach_people(
    account: Account, rule: str, source: str, topic: str
) -> None:
    events = account.client("events")
    found = events.describe_rule(Name=f"{PREFIX}-{rule}")
    (target,) = events.list_targets_by_rule(Rule=f"{PREFIX}-{rule}")["Targets"]

    assert json.loads(found["EventPattern"])["source"] == [source]
    assert found["State"] == "ENABLED"
    assert target["Arn"].endswith(f":{PREFIX}-alerts-{topic}")
    assert "RoleArn" not in target  # EventBridge reaches a topic by the topic's policy


def test_a_failover_of_our_database_fits_its_rule(account: Account) -> None:
    """The event as RDS's guide shows it, judged by the emulator's own matching."""
    events = account.client("events")
    pattern = events.describe_rule(Name=f"{PREFIX}-database-failover")["EventPattern"]
    event: dict[str, Any] = {
        "id": "1",
        "version": "0",
        "account": "123456789012",
        "time": "2026-11-26T04:35:00Z",
        "region": "eu-west-2",
        "resources": [f"arn:aws:rds:eu-west-2:123456789012:db:{PREFIX}"],
        "source": "aws.rds",
        "detail-type": "RDS DB Instance Event",
        "detail": {"EventCategories": ["failover"], "SourceIdentifier": PREFIX},
    }

    def fits(event: dict[str, Any]) -> bool:
        answer = events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))
        return bool(answer["Result"])

    assert fits(event)
    assert not fits({**event, "detail": {**event["detail"], "SourceIdentifier": "another"}})
    assert not fits({**event, "detail": {**event["detail"], "EventCategories": ["creation"]}})
