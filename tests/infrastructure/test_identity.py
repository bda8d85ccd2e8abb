"""The policies of everything that acts at AWS in the hospital's name: exact actions on exact resources."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infrastructure.account import Account

NO_RESOURCE_CAN_BE_NAMED = {
    # Systems Manager's agent: https://docs.aws.amazon.com/service-authorization, tables of these services
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    # Metrics have a namespace instead, which the condition names.
    "cloudwatch:PutMetricData",
}


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def statements(account: Account) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every role's own policies, with the role's name."""
    iam = account.client("iam")
    for role in account.all("iam", "list_roles", "Roles"):
        for policy in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            answer = iam.get_role_policy(RoleName=role["RoleName"], PolicyName=policy)
            for statement in answer["PolicyDocument"]["Statement"]:
                yield role["RoleName"], statement


def test_no_action_is_a_wildcard(account: Account) -> None:
    loose = {
        (role, action)
        for role, statement in statements(account)
        for action in as_list(statement["Action"])
        if "*" in action
    }
    assert loose == set()


def test_resources_are_named_where_aws_lets_them_be(account: Account) -> None:
    loose = {
        (role, action)
        for role, statement in statements(account)
        if "*" in as_list(statement["Resource"])
        for action in as_list(statement["Action"])
    }
    assert {action for _, action in loose} <= NO_RESOURCE_CAN_BE_NAMED


def test_every_resource_is_of_this_hospital(account: Account) -> None:
    """Names and ids of ours stand in each ARN: nothing like `secret:*` or `key/*`."""
    for role, statement in statements(account):
        for resource in as_list(statement["Resource"]):
            if resource != "*":
                named = resource.split(":", 5)[5]
                assert named.replace("*", "").strip("/:-") != named.split("/")[0].split(":")[0], (
                    role,
                    resource,
                )


@pytest.fixture
def portal(account: Account) -> dict[str, dict[str, Any]]:
    """The statements of an instance that serves, by their Sid."""
    return {
        statement["Sid"]: statement
        for role, statement in statements(account)
        if role == "medicare-hub-production-portal"
    }


def test_an_instance_reads_no_password_but_its_own(portal: dict[str, dict[str, Any]]) -> None:
    read = as_list(portal["ReadsItsSecrets"]["Resource"])
    assert any("database/application" in arn for arn in read)
    assert not any("migration" in arn or "rds!" in arn for arn in read)


def test_an_instance_mounts_through_its_access_point(portal: dict[str, dict[str, Any]]) -> None:
    condition = portal["MountsItsFiles"]["Condition"]["StringEquals"]
    assert ":access-point/" in condition["elasticfilesystem:AccessPointArn"]


def test_metrics_have_a_namespace(portal: dict[str, dict[str, Any]]) -> None:
    assert portal["WritesItsMetrics"]["Condition"]["StringLike"] == {
        "cloudwatch:namespace": "MediCareHub*"
    }


def test_only_services_may_take_a_role(account: Account) -> None:
    for role in account.all("iam", "list_roles", "Roles"):
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            assert set(statement["Principal"]) == {"Service"}, role["RoleName"]
