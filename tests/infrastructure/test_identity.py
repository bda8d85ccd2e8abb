"""The policies of everything that acts at AWS in the hospital's name: exact actions on exact resources."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jinja2 import Template

from tests.infrastructure.account import ROOT, Account

AGENT = ROOT / "ansible/roles/portal_image/templates/amazon-cloudwatch-agent.json.j2"

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
    # Metrics have a namespace instead, which the condition names; of tags there is only the region.
    "cloudwatch:PutMetricData",
    "ec2:DescribeTags",
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
    """Each ARN contains names or ids of this hospital: nothing like `secret:*` or `key/*`."""
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


def test_an_instance_reads_only_its_own_password(portal: dict[str, dict[str, Any]]) -> None:
    read = as_list(portal["ReadsItsSecrets"]["Resource"])
    assert any("database/application" in arn for arn in read)
    assert not any("migration" in arn or "rds!" in arn for arn in read)


def test_an_instance_mounts_through_its_access_point(portal: dict[str, dict[str, Any]]) -> None:
    condition = portal["MountsItsFiles"]["Condition"]["StringEquals"]
    assert ":access-point/" in condition["elasticfilesystem:AccessPointArn"]


@pytest.fixture
def agent() -> dict[str, Any]:
    """The CloudWatch agent's configuration, as an instance of production fills it in at boot."""
    text = Template(AGENT.read_text()).render()
    configuration: dict[str, Any] = json.loads(
        text.replace("@HUB_PATH@", "/medicare-hub/production")
    )
    return configuration


def test_the_agent_may_write_to_the_log_groups_that_it_names(
    account: Account, portal: dict[str, dict[str, Any]], agent: dict[str, Any]
) -> None:
    files = agent["logs"]["logs_collected"]["files"]["collect_list"]
    named = {file["log_group_name"] for file in files}
    allowed = {
        arn.split(":log-group:")[1].removesuffix(":*")
        for arn in portal["WritesItsLogs"]["Resource"]
    }
    stand = {one["logGroupName"] for one in account.all("logs", "describe_log_groups", "logGroups")}

    assert allowed == named
    assert named <= stand
    assert set(portal["WritesItsLogs"]["Action"]) == {
        "logs:CreateLogStream",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
    }


def test_the_agent_may_write_metrics_only_of_its_own_namespace(
    portal: dict[str, dict[str, Any]], agent: dict[str, Any]
) -> None:
    assert portal["WritesItsMetrics"]["Condition"] == {
        "StringEquals": {"cloudwatch:namespace": agent["metrics"]["namespace"]}
    }


def test_the_agent_may_look_its_group_up_when_it_names_it(
    portal: dict[str, dict[str, Any]], agent: dict[str, Any]
) -> None:
    """`${aws:AutoScalingGroupName}` comes from a tag, which the agent asks EC2 for."""
    asks = "${aws:AutoScalingGroupName}" in agent["metrics"]["append_dimensions"].values()

    assert asks == (portal.get("FindsItsGroup", {}).get("Action") == "ec2:DescribeTags")


def test_the_key_opens_all_that_an_instance_reads(
    account: Account, portal: dict[str, dict[str, Any]]
) -> None:
    secrets = account.client("secretsmanager")
    used = {
        secrets.describe_secret(SecretId=arn)["KmsKeyId"]
        for arn in as_list(portal["ReadsItsSecrets"]["Resource"])
    }

    assert used == set(as_list(portal["OpensItsSecrets"]["Resource"]))


def test_notices_may_be_sent_as_whole_messages(portal: dict[str, dict[str, Any]]) -> None:
    """SES asks for SendRawEmail when SendEmail brings a whole message, as the portal does."""
    assert portal["SendsItsNotices"]["Action"] == ["ses:SendEmail", "ses:SendRawEmail"]


def test_only_services_may_assume_a_role(account: Account) -> None:
    for role in account.all("iam", "list_roles", "Roles"):
        for statement in role["AssumeRolePolicyDocument"]["Statement"]:
            assert set(statement["Principal"]) == {"Service"}, role["RoleName"]
