"""The topics that alert people: encrypted, with subscribers, and closed to strangers."""

import json
from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.figures import PREFIX

PUBLISHERS = {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
"""RDS and AWS Config can't publish to an encrypted topic. Every other publisher also needs its key."""


@pytest.fixture(params=["now", "soon"])
def topic(account: Account, request: pytest.FixtureRequest) -> dict[str, Any]:
    arn = f"arn:aws:sns:eu-west-2:123456789012:{PREFIX}-alerts-{request.param}"
    found: dict[str, Any] = account.client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]
    return found


def test_messages_are_encrypted_with_the_key_of_alerts(
    account: Account, topic: dict[str, Any]
) -> None:
    key = account.client("kms").describe_key(KeyId=f"alias/{PREFIX}-alerts")["KeyMetadata"]

    assert topic["KmsMasterKeyId"] == key["Arn"]


def test_topics_have_subscribers(account: Account, topic: dict[str, Any]) -> None:
    heard = account.all(
        *("sns", "list_subscriptions_by_topic", "Subscriptions"), TopicArn=topic["TopicArn"]
    )

    assert [one["Protocol"] for one in heard] == ["email"]


def test_only_aws_itself_may_publish(topic: dict[str, Any]) -> None:
    allowed = [one for one in json.loads(topic["Policy"])["Statement"] if one["Effect"] == "Allow"]
    services: set[str] = set()
    for statement in allowed:
        assert statement["Principal"].keys() == {"Service"}
        assert statement["Action"] == "sns:Publish"
        named = statement["Principal"]["Service"]
        services |= {named} if isinstance(named, str) else set(named)

    assert services == PUBLISHERS


def test_who_may_publish_may_use_the_key(account: Account, topic: dict[str, Any]) -> None:
    """Otherwise messages are lost silently. EventBridge names no account to KMS, SNS names the topic."""
    policy = account.client("kms").get_key_policy(
        KeyId=topic["KmsMasterKeyId"], PolicyName="default"
    )["Policy"]
    conditions = {
        statement["Principal"]["Service"]: statement["Condition"]
        for statement in json.loads(policy)["Statement"]
        if "Service" in statement["Principal"]
    }
    ours = topic["TopicArn"].rpartition("-")[0]

    assert conditions == {
        "cloudwatch.amazonaws.com": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
        "events.amazonaws.com": {
            "StringLike": {"kms:EncryptionContext:aws:sns:topicArn": f"{ours}-*"}
        },
    }
