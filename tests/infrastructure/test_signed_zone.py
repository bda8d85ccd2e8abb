"""A zone that is signed, watched, and no longer signed, in a separate account."""

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.figures import PREFIX
from tests.infrastructure.playbooks import Run, play
from tests.infrastructure.test_operator_policy import in_iam
from tests.infrastructure.test_runbook import OF_A_SIGNED_ZONE

NAMES = "../tests/infrastructure/names"
VIRGINIA = "us-east-1"


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with empty_account() as account:
        yield account


@pytest.fixture(scope="module")
def signed(account: Account) -> Run:
    run = play(NAMES, account, hub_dnssec=True)
    assert run.status == 0, run.output
    return run


def zone_signing(account: Account) -> dict[str, Any]:
    (zone,) = account.all("route53", "list_hosted_zones", "HostedZones")
    found: dict[str, Any] = account.client("route53").get_dnssec(HostedZoneId=zone["Id"])
    return found


def sign_by_hand(account: Account) -> None:
    """Skips the waits of a run, which last half a minute."""
    (zone,) = account.all("route53", "list_hosted_zones", "HostedZones")
    route53 = account.client("route53")
    route53.create_key_signing_key(
        CallerReference="by hand",
        HostedZoneId=zone["Id"],
        KeyManagementServiceArn=f"arn:aws:kms:{VIRGINIA}:123456789012:key/by-hand",
        Name="by_hand",
        Status="ACTIVE",
    )
    route53.enable_hosted_zone_dnssec(HostedZoneId=zone["Id"])


def test_the_zone_is_signed_with_a_key_that_route_53_may_use(account: Account, signed: Run) -> None:
    signing = zone_signing(account)
    (key,) = signing["KeySigningKeys"]
    kms = account.client("kms", VIRGINIA)
    kept = kms.describe_key(KeyId=key["KmsArn"])["KeyMetadata"]
    policy = json.loads(kms.get_key_policy(KeyId=key["KmsArn"], PolicyName="default")["Policy"])
    of_route_53 = [one for one in policy["Statement"] if "Service" in one["Principal"]]

    assert signing["Status"]["ServeSignature"] == "SIGNING"
    assert (kept["KeySpec"], kept["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert [one["Action"] for one in of_route_53] == [
        ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
        "kms:CreateGrant",
    ]


def test_the_run_shows_what_the_registrar_needs(account: Account, signed: Run) -> None:
    (key,) = zone_signing(account)["KeySigningKeys"]

    assert f"hospital.example. DS {key['DSRecord']}" in " ".join(signed.output.split())


def test_somebody_is_woken_when_it_fails(account: Account, signed: Run) -> None:
    found = account.client("cloudwatch", VIRGINIA).describe_alarms()["MetricAlarms"]
    of_names = {one["AlarmName"].removeprefix(f"{PREFIX}-"): one for one in found}
    sns = account.client("sns", VIRGINIA)
    heard = {
        topic["TopicArn"]: [
            one["Endpoint"]
            for one in sns.list_subscriptions_by_topic(TopicArn=topic["TopicArn"])["Subscriptions"]
        ]
        for topic in sns.list_topics()["Topics"]
    }

    assert of_names.keys() == OF_A_SIGNED_ZONE | {"waiting-page-certificate-ends"}
    assert {of_names[one]["MetricName"] for one in OF_A_SIGNED_ZONE} == {
        "DNSSECInternalFailure",
        "DNSSECKeySigningKeysNeedingAction",
    }
    for name in OF_A_SIGNED_ZONE:
        (topic,) = of_names[name]["AlarmActions"]
        assert heard[topic] == ["on-call@hospital.example"]


def living_keys(account: Account) -> set[str]:
    """The aliases of the keys in us-east-1 that are not to be deleted."""
    kms = account.client("kms", VIRGINIA)
    found = {one["AliasName"]: one.get("TargetKeyId") for one in kms.list_aliases()["Aliases"]}
    return {
        alias
        for alias, key in found.items()
        if PREFIX in alias
        and key
        and kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    }


def test_signing_ends_only_when_the_parent_zone_has_no_ds_record(
    account: Account, signed: Run
) -> None:
    again = play(NAMES, account, hub_dnssec=True)
    assert again.changed == []

    refused = play(NAMES, account)
    assert refused.status != 0
    assert "domain_ds_is_gone" in refused.output
    assert zone_signing(account)["Status"]["ServeSignature"] == "SIGNING"

    ended = play(NAMES, account, domain_ds_is_gone=True)
    assert ended.status == 0, ended.output
    assert zone_signing(account)["Status"]["ServeSignature"] == "NOT_SIGNING"
    assert living_keys(account) == {f"alias/{PREFIX}-world-alerts"}


def test_a_teardown_stops_signing_before_it_deletes(account: Account, signed: Run) -> None:
    sign_by_hand(account)
    gone = play(NAMES, account, names_state="absent")

    assert gone.status == 0, gone.output
    assert sorted(account.made()) == []


def test_everything_asked_for_is_in_the_role_s_list(
    account: Account, signed: Run, operator_policy: ModuleType
) -> None:
    asked = {in_iam(action) for action in account.actions()}

    assert "route53:EnableHostedZoneDNSSEC" in asked
    assert sorted(asked - operator_policy.actions()) == []
