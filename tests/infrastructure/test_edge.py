"""The load balancer, its firewall, and the names that lead to it."""

from typing import Any

import pytest

from tests.infrastructure.account import Account

PREFIX = "medicare-hub-production"
DOMAIN = "portal.settings.hospital.example"


@pytest.fixture
def balancer(account: Account) -> dict[str, Any]:
    (found,) = account.all("elbv2", "describe_load_balancers", "LoadBalancers")
    return found


@pytest.fixture
def attributes(account: Account, balancer: dict[str, Any]) -> dict[str, str]:
    found = account.client("elbv2").describe_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"]
    )
    return {one["Key"]: one["Value"] for one in found["Attributes"]}


@pytest.fixture
def listeners(account: Account, balancer: dict[str, Any]) -> dict[int, dict[str, Any]]:
    found = account.client("elbv2").describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])
    return {one["Port"]: one for one in found["Listeners"]}


@pytest.fixture
def targets(account: Account) -> dict[str, Any]:
    (found,) = account.all("elbv2", "describe_target_groups", "TargetGroups")
    return found


@pytest.fixture
def web_acl(account: Account) -> dict[str, Any]:
    waf = account.client("wafv2")
    (found,) = waf.list_web_acls(Scope="REGIONAL")["WebACLs"]
    return waf.get_web_acl(Name=found["Name"], Scope="REGIONAL", Id=found["Id"])["WebACL"]


@pytest.fixture
def records(account: Account) -> list[dict[str, Any]]:
    (zone,) = account.all("route53", "list_hosted_zones", "HostedZones")
    return account.all(
        "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
    )


def test_it_stands_in_three_zones(balancer: dict[str, Any]) -> None:
    assert balancer["Scheme"] == "internet-facing"
    assert len({zone["ZoneName"] for zone in balancer["AvailabilityZones"]}) == 3


def test_plain_http_is_sent_to_https(listeners: dict[int, dict[str, Any]]) -> None:
    (action,) = listeners[80]["DefaultActions"]
    assert action["Type"] == "redirect"
    assert action["RedirectConfig"]["Protocol"] == "HTTPS"
    assert action["RedirectConfig"]["StatusCode"] == "HTTP_301"


def test_https_is_modern_and_has_our_certificate(
    account: Account, listeners: dict[int, dict[str, Any]]
) -> None:
    assert set(listeners) == {80, 443}
    assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    (certificate,) = listeners[443]["Certificates"]
    found = account.client("acm").describe_certificate(
        CertificateArn=certificate["CertificateArn"]
    )["Certificate"]
    assert (found["DomainName"], found["Status"]) == (DOMAIN, "ISSUED")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("access_logs.s3.enabled", "true"),
        ("deletion_protection.enabled", "true"),
        ("routing.http.desync_mitigation_mode", "defensive"),
        ("routing.http.drop_invalid_header_fields.enabled", "true"),
        ("routing.http2.enabled", "true"),
        ("zonal_shift.config.enabled", "true"),
    ],
)
def test_its_attributes_are_safe(attributes: dict[str, str], key: str, value: str) -> None:
    assert attributes[key] == value


def test_its_log_is_private(account: Account, attributes: dict[str, str]) -> None:
    bucket = attributes["access_logs.s3.bucket"]
    s3 = account.client("s3")
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert all(blocked.values())
    assert s3.get_bucket_encryption(Bucket=bucket)
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["Expiration"]["Days"] >= 365


def test_the_health_check_looks_only_at_the_instance(
    account: Account, targets: dict[str, Any]
) -> None:
    assert targets["HealthCheckPath"] == "/health/live"
    assert (targets["Protocol"], targets["Port"]) == ("HTTPS", 8443)
    assert targets["HealthCheckIntervalSeconds"] == 5
    assert targets["UnhealthyThresholdCount"] == 2
    found = account.client("elbv2").describe_target_group_attributes(
        TargetGroupArn=targets["TargetGroupArn"]
    )
    attributes = {one["Key"]: one["Value"] for one in found["Attributes"]}
    assert attributes["deregistration_delay.timeout_seconds"] == "30"
    assert attributes["slow_start.duration_seconds"] == "60"
    # AWS counts the targets of all zones: one healthy instance is a portal.
    failover = "target_group_health.dns_failover.minimum_healthy_targets"
    assert attributes[f"{failover}.count"] == "1"
    assert attributes[f"{failover}.percentage"] == "off"


def test_sign_ins_are_limited_by_address(web_acl: dict[str, Any]) -> None:
    rules = {rule["Name"]: rule for rule in web_acl["Rules"]}
    statement = rules["sign-in-rate"]["Statement"]["RateBasedStatement"]
    assert statement["AggregateKeyType"] == "IP"
    assert statement["ScopeDownStatement"]["RegexMatchStatement"]["RegexString"] == "^/sign-in"
    assert rules["sign-in-rate"]["Action"] == {"Block": {}}


def test_managed_rules_protect_the_load_balancer(
    account: Account, web_acl: dict[str, Any], balancer: dict[str, Any]
) -> None:
    managed = [
        rule["Statement"]["ManagedRuleGroupStatement"]["Name"]
        for rule in web_acl["Rules"]
        if "ManagedRuleGroupStatement" in rule["Statement"]
    ]
    assert len(managed) == 4
    found = account.client("wafv2").get_web_acl_for_resource(
        ResourceArn=balancer["LoadBalancerArn"]
    )
    assert found["WebACL"]["ARN"] == web_acl["ARN"]


def test_the_firewall_logs_without_cookies(account: Account, web_acl: dict[str, Any]) -> None:
    logging = account.client("wafv2").get_logging_configuration(ResourceArn=web_acl["ARN"])[
        "LoggingConfiguration"
    ]
    redacted = {field["SingleHeader"]["Name"] for field in logging["RedactedFields"]}
    assert "cookie" in redacted
    group = logging["LogDestinationConfigs"][0].rpartition(":")[2]
    (found,) = account.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert found["kmsKeyId"]


def test_names_fail_over_to_the_waiting_page(
    account: Account, records: list[dict[str, Any]], balancer: dict[str, Any]
) -> None:
    by_failover = {one["Failover"]: one for one in records if "Failover" in one}
    primary, secondary = by_failover["PRIMARY"], by_failover["SECONDARY"]
    assert primary["Name"] == secondary["Name"] == f"{DOMAIN}."
    assert primary["AliasTarget"]["EvaluateTargetHealth"]
    assert balancer["DNSName"] in primary["AliasTarget"]["DNSName"]
    assert secondary["AliasTarget"]["DNSName"].endswith(".cloudfront.net.")
    check = account.client("route53").get_health_check(HealthCheckId=primary["HealthCheckId"])
    config = check["HealthCheck"]["HealthCheckConfig"]
    assert (config["Type"], config["ResourcePath"]) == ("HTTPS", "/health/live")


def test_the_health_check_looks_at_the_load_balancer_whoever_is_led_where(
    account: Account, records: list[dict[str, Any]], balancer: dict[str, Any]
) -> None:
    (check,) = account.all("route53", "list_health_checks", "HealthChecks")
    looked_at = check["HealthCheckConfig"]["FullyQualifiedDomainName"]
    (record,) = [one for one in records if one["Name"] == f"{looked_at}."]
    assert balancer["DNSName"] in record["AliasTarget"]["DNSName"]
    assert "Failover" not in record
