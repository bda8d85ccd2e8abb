"""Prints the policy of the person on call: what docs/runbook.md tells them to do, and nothing more.

    python ansible/oncall_policy.py        (make oncall-policy)

Commands are read from the runbook itself: `aws rds reboot-db-instance …` is rds:RebootDBInstance. What it
tells them to look at, and the one playbook that it tells them to run at night, stand below. Playbooks that
change the platform (site.yml, bake.yml, deploy.yml, restore.yml) are for an operator: make operator-policy.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

RUNBOOK = Path(__file__).parents[1] / "docs" / "runbook.md"
COMMAND = re.compile(r"\baws ([a-z0-9-]+) ([a-z][a-z0-9-]+)")
FOR_OPERATORS = re.compile(
    r"^## Rotation of keys and secrets$.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL
)
"""Planned work, which nobody does at night."""

WORDS = {"Db": "DB", "Dnssec": "DNSSEC"}
"""How IAM writes parts of operations."""

SHOWN = {
    "dashboard": (
        *("cloudwatch:DescribeAlarms", "cloudwatch:GetDashboard", "cloudwatch:GetMetricData"),
        *("cloudwatch:ListDashboards", "cloudwatch:ListMetrics"),
    ),
    "Logs Insights": ("logs:DescribeLogGroups", "logs:GetQueryResults", "logs:StartQuery"),
    "health dashboard": ("health:DescribeEventDetails", "health:DescribeEvents"),
    "RDS's events": ("rds:DescribeDBInstances", "rds:DescribeEvents"),
    "Database Insights": ("pi:DescribeDimensionKeys", "pi:GetResourceMetrics"),
    "group's activity": (
        *("autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities"),
        "ec2:DescribeInstances",
    ),
    "its targets' reasons": (
        *(
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroups",
        ),
        "elasticloadbalancing:DescribeTargetHealth",
    ),
    "jobs in AWS Backup": ("backup:DescribeBackupJob", "backup:ListBackupJobs"),
    "account's sending status": ("ses:GetAccount",),
    "certificate in ACM": ("acm:DescribeCertificate", "acm:ListCertificates"),
    "arc-zonal-shift": ("arc-zonal-shift:GetManagedResource", "arc-zonal-shift:ListZonalShifts"),
    "start-session": ("ssm:ResumeSession", "ssm:TerminateSession"),
}
"""What must be allowed so that people see what the runbook names, by the words with which it does."""

ROLLBACK = (
    *("autoscaling:CancelInstanceRefresh", "autoscaling:DescribeAutoScalingGroups"),
    *("autoscaling:DescribeInstanceRefreshes", "autoscaling:StartInstanceRefresh"),
    *("cloudwatch:PutMetricData", "ec2:CreateTags", "ec2:DescribeImages"),
    *("ec2:DescribeLaunchTemplateVersions", "elasticloadbalancing:DescribeTargetHealth"),
    *("iam:ListAccountAliases", "sts:GetCallerIdentity"),
)
"""rollback.yml: a test compares it with what the playbook asks for."""


def commanded(runbook: str) -> set[str]:
    """The actions of the commands in the runbook, without those for operators."""
    at_night = FOR_OPERATORS.sub("", runbook)
    return {f"{service}:{_action(operation)}" for service, operation in COMMAND.findall(at_night)}


def _action(operation: str) -> str:
    words = (word.capitalize() for word in operation.split("-"))
    return "".join(WORDS.get(word, word) for word in words)


def actions(runbook: str) -> set[str]:
    """All that the runbook needs. Raises ValueError when it no longer names what is listed here."""
    if unused := [words for words in SHOWN if words not in runbook]:
        raise ValueError(f"The runbook does not speak of {unused} any more: take it off this list.")
    return commanded(runbook) | set(ROLLBACK) | {one for shown in SHOWN.values() for one in shown}


STARTED_BY_AUTO_SCALING: list[dict[str, Any]] = [
    {
        "Effect": "Allow",
        "Action": "ec2:RunInstances",
        "Resource": "*",
        "Condition": {"Bool": {"ec2:IsLaunchTemplateResource": "true"}},
    },
    {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:*:iam::*:role/*-portal",
        "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
    },
]
"""A refresh asks whether its caller may start what the launch template says, as the portal's role."""


def policy(runbook: str) -> str:
    """The document, as IAM takes it."""
    listed = {"Effect": "Allow", "Action": sorted(actions(runbook)), "Resource": "*"}
    whole = {"Version": "2012-10-17", "Statement": [listed, *STARTED_BY_AUTO_SCALING]}
    return json.dumps(whole, separators=(",", ":"))


if __name__ == "__main__":
    sys.stdout.write(policy(RUNBOOK.read_text(encoding="utf-8")) + "\n")
