"""The operator's policy: what the roles' READMEs list is what the playbooks ask for."""

import json
from pathlib import Path
from types import ModuleType

from tests.infrastructure.account import Account
from tests.infrastructure.playbooks import ANSIBLE

CALLED_IN_IAM = {
    "efs": "elasticfilesystem",
    "elbv2": "elasticloadbalancing",
    "s3control": "s3",
    "sesv2": "ses",
}
"""Services that moto and boto3 call by another name than IAM does."""

ASKED_AS = {
    "cloudfront:CreateDistributionWithTags": "cloudfront:CreateDistribution",
    "s3:DeletePublicAccessBlock": "s3:PutAccountPublicAccessBlock",
    "s3:GetPublicAccessBlock": "s3:GetAccountPublicAccessBlock",
    "s3:PutPublicAccessBlock": "s3:PutAccountPublicAccessBlock",
}
"""Requests that IAM judges by another action."""


def in_iam(asked: str) -> str:
    service, _, action = asked.partition(":")
    named = f"{CALLED_IN_IAM.get(service, service)}:{action}"
    return ASKED_AS.get(named, named)


def test_everything_asked_for_is_listed(account: Account, operator_policy: ModuleType) -> None:
    asked = {in_iam(action) for action in account.actions()}
    assert "ec2:CreateVpc" in asked
    assert sorted(asked - operator_policy.actions()) == []


def test_lists_are_sorted_and_say_nothing_twice() -> None:
    for readme in sorted(Path(ANSIBLE, "roles").glob("*/README.md")):
        block = readme.read_text().partition("```iam\n")[2].partition("```")[0]
        listed = [line.partition("#")[0].strip() for line in block.splitlines()]
        assert listed == sorted(set(listed), key=str.lower), readme


def test_documents_fit_into_managed_policies(operator_policy: ModuleType) -> None:
    documents = list(operator_policy.policies(operator_policy.actions()))
    allowed = [
        action
        for document in documents
        for action in json.loads(document)["Statement"][0]["Action"]
    ]
    assert all(len(document) <= 6144 for document in documents)
    assert sorted(allowed) == sorted(operator_policy.actions())
