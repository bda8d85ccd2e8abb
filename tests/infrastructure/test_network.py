from collections import defaultdict
from typing import Any

import pytest

from tests.infrastructure.account import Account

PREFIX = "medicare-hub-production"
WORLD = "0.0.0.0/0"


def by_name(things: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {tag["Value"]: one for one in things for tag in one["Tags"] if tag["Key"] == "Name"}


@pytest.fixture
def vpc_id(account: Account) -> str:
    return by_name([v for v in account.all("ec2", "describe_vpcs", "Vpcs") if v.get("Tags")])[
        PREFIX
    ]["VpcId"]


@pytest.fixture
def groups(account: Account, vpc_id: str) -> dict[str, dict[str, Any]]:
    """Security groups of the network by their short name."""
    found = account.all(
        "ec2", "describe_security_groups", "SecurityGroups", Filters=in_network(vpc_id)
    )
    return {group["GroupName"].removeprefix(f"{PREFIX}-"): group for group in found}


def in_network(vpc_id: str) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": [vpc_id]}]


def subnets(account: Account, vpc_id: str) -> list[dict[str, Any]]:
    return account.all("ec2", "describe_subnets", "Subnets", Filters=in_network(vpc_id))


def tier(subnet: dict[str, Any]) -> str:
    return next(tag["Value"] for tag in subnet["Tags"] if tag["Key"] == "Tier")


def test_each_tier_is_in_three_zones(account: Account, vpc_id: str) -> None:
    zones = defaultdict(set)
    for subnet in subnets(account, vpc_id):
        zones[tier(subnet)].add(subnet["AvailabilityZone"])
    assert {name: len(found) for name, found in zones.items()} == {
        "public": 3,
        "private": 3,
        "data": 3,
    }


def test_no_subnet_gives_out_public_addresses(account: Account, vpc_id: str) -> None:
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets(account, vpc_id))


def routes_of(account: Account, vpc_id: str) -> dict[str, set[str]]:
    """Where each subnet's default route leads, by tier and zone."""
    tables = account.all("ec2", "describe_route_tables", "RouteTables", Filters=in_network(vpc_id))
    of_subnet = {
        association["SubnetId"]: table
        for table in tables
        for association in table["Associations"]
        if "SubnetId" in association
    }
    return {
        f"{tier(subnet)} {subnet['AvailabilityZone']}": {
            route.get("NatGatewayId") or route.get("GatewayId")
            for route in of_subnet[subnet["SubnetId"]]["Routes"]
            if route.get("DestinationCidrBlock") == WORLD
        }
        for subnet in subnets(account, vpc_id)
    }


def test_each_private_subnet_leaves_through_its_own_zone(account: Account, vpc_id: str) -> None:
    gateways = account.all("ec2", "describe_nat_gateways", "NatGateways")
    zone_of_subnet = {s["SubnetId"]: s["AvailabilityZone"] for s in subnets(account, vpc_id)}
    zone_of_gateway = {g["NatGatewayId"]: zone_of_subnet[g["SubnetId"]] for g in gateways}
    for place, ways_out in routes_of(account, vpc_id).items():
        if place.startswith("private"):
            assert [zone_of_gateway[way] for way in ways_out] == [place.split()[1]]


def test_data_subnets_have_no_way_out(account: Account, vpc_id: str) -> None:
    ways_out = routes_of(account, vpc_id)
    assert [ways_out[place] for place in ways_out if place.startswith("data")] == [set()] * 3


def test_data_subnets_accept_only_the_portals_requests(account: Account, vpc_id: str) -> None:
    lists = account.all("ec2", "describe_network_acls", "NetworkAcls", Filters=in_network(vpc_id))
    (of_data,) = [one for one in lists if not one["IsDefault"]]
    assert len(of_data["Associations"]) == 3
    allowed = {
        (entry["CidrBlock"], entry["PortRange"]["From"])
        for entry in of_data["Entries"]
        if entry["RuleAction"] == "allow" and not entry["Egress"]
    }
    private = {s["CidrBlock"] for s in subnets(account, vpc_id) if tier(s) == "private"}
    assert allowed == {(cidr, port) for cidr in private for port in (3306, 2049)}


def test_only_the_load_balancer_faces_the_world(groups: dict[str, dict[str, Any]]) -> None:
    open_to_addresses = {
        name
        for name, group in groups.items()
        for permission in group["IpPermissions"]
        if permission["IpRanges"] or permission["Ipv6Ranges"]
    }
    assert open_to_addresses == {"balancer"}


def test_groups_allow_exactly_the_groups_that_they_serve(groups: dict[str, dict[str, Any]]) -> None:
    names = {group["GroupId"]: name for name, group in groups.items()}
    let_in = {
        (names[pair["GroupId"]], name, permission["FromPort"])
        for name, group in groups.items()
        for permission in group["IpPermissions"]
        for pair in permission["UserIdGroupPairs"]
    }
    assert let_in == {
        ("balancer", "portal", 8443),
        ("portal", "database", 3306),
        ("portal", "files", 2049),
        ("portal", "endpoints", 443),
    }


def test_the_default_group_is_empty(groups: dict[str, dict[str, Any]]) -> None:
    assert groups["default"]["IpPermissions"] == []
    assert groups["default"]["IpPermissionsEgress"] == []


def test_aws_is_reached_inside_the_network(account: Account, vpc_id: str) -> None:
    endpoints = account.all(
        "ec2", "describe_vpc_endpoints", "VpcEndpoints", Filters=in_network(vpc_id)
    )
    reached = {one["ServiceName"].rpartition(".")[2] for one in endpoints}
    assert reached == {
        *("s3", "secretsmanager", "ssm", "ssmmessages", "ec2messages"),
        *("logs", "monitoring", "kms"),
    }
    assert all("aws:PrincipalAccount" in one["PolicyDocument"] for one in endpoints)


def test_all_traffic_is_logged(account: Account, vpc_id: str) -> None:
    (log,) = [
        one
        for one in account.all("ec2", "describe_flow_logs", "FlowLogs")
        if one["ResourceId"] == vpc_id
    ]
    assert log["TrafficType"] == "ALL"
    groups = account.all("logs", "describe_log_groups", "logGroups")
    (group,) = [one for one in groups if one["logGroupName"] == log["LogGroupName"]]
    assert group["retentionInDays"] == 365
    assert group["kmsKeyId"]
