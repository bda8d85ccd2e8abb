"""What the preflight refuses and shows. It stops before anything is made, so these runs are short."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.infrastructure.account import Account, empty_account
from tests.infrastructure.playbooks import ANSIBLE, play


@pytest.fixture(scope="module")
def empty() -> Iterator[Account]:
    with empty_account() as account:
        yield account


PLAN = "../tests/infrastructure/plan"

FAULTS = {
    "hub_name": ("MediCare", "buckets take no others"),
    "hub_zone_name": ("hospital_example", "no name in DNS"),
    "hub_region": ("London", "eu-west-2"),
    "hub_portal_domain": ("portal.elsewhere.example", "must end with the zone's"),
    "network_subnets": ({"public": ["10.40.0.0/24"]}, "three ranges each"),
    "database_class": ("large", "db.m7g.large"),
    "database_backup_days": (40, "RDS keeps 1 to 35"),
    "database_multi_az": (False, "Set it to true"),
    "keys_deletion_window_days": (3, "AWS allows 7 to 30"),
    "backups_lock_days": (90, "every daily copy would be refused"),
    "preflight_expected_account": ("999999999999", "Take the other account's credentials"),
}
"""Settings that can't be right, and a part of the fix that each message names."""


def test_all_faults_are_shown_at_once_with_their_fixes(empty: Account) -> None:
    settings: dict[str, Any] = {name: wrong for name, (wrong, _) in FAULTS.items()}
    run = play("site", empty, **settings)
    told = " ".join(run.output.split())
    assert run.status != 0
    for name, (_, fix) in FAULTS.items():
        assert fix in told, name
    assert empty.made() == set()


def test_an_environments_name_does_not_end_with_a_hyphen(empty: Account) -> None:
    """Checked alone, because rules for production do not apply to another name."""
    run = play("site", empty, hub_environment="staging-")
    assert run.status != 0
    assert "hyphens between them" in " ".join(run.output.split())
    assert empty.made() == set()


def test_a_cluster_needs_local_disks(empty: Account) -> None:
    run = play("site", empty, database_topology="cluster")
    assert run.status != 0
    assert "db.m6gd.large" in run.output
    assert empty.made() == set()


def test_a_cluster_s_snapshots_are_not_copied_to_another_region(empty: Account) -> None:
    cluster: dict[str, Any] = {
        "database_topology": "cluster",
        "database_class": "db.m6gd.large",
        "database_storage_iops": 3000,
    }
    refused = play(PLAN, empty, **cluster)
    assert refused.status != 0
    assert "copies no snapshot of a Multi-AZ cluster" in refused.output
    assert play(PLAN, empty, **cluster, hub_copy_region="").status == 0


def test_three_zones_must_have_what_is_needed_before_anything_costs_money(empty: Account) -> None:
    with empty.suffers(without="eu-west-2b m7i.large"):
        run = play(PLAN, empty)
    assert run.status != 0
    assert "has only 2 zones with m7i.large" in " ".join(run.output.split())
    assert "choose other instance types" in " ".join(run.output.split())
    assert empty.made() == set()


def test_a_teardown_waits_for_a_yes(empty: Account) -> None:
    run = play("teardown", empty)
    assert run.status != 0
    assert "Nothing was removed" in run.output


def test_a_teardown_says_what_stays(empty: Account) -> None:
    run = play("teardown", empty, preflight_confirmation="no")
    assert "What stays: a last snapshot of the database" in " ".join(run.output.split())


def test_prices_have_their_date_and_a_link_to_the_current_ones() -> None:
    prices = yaml.safe_load((ANSIBLE / "roles/preflight/vars/prices.yml").read_text())
    plan = (ANSIBLE / "roles/preflight/templates/plan.txt.j2").read_text()

    assert "{{ __preflight_prices_of }}" in plan
    assert "{{ cost.page }}" in plan
    assert all(
        cost["page"].startswith("aws.amazon.com/") and "/pricing" in cost["page"]
        for cost in prices["__preflight_costs"]
    )


def test_the_plan_counts_the_key_that_signs_a_zone(empty: Account) -> None:
    plain, signed = (play(PLAN, empty, hub_dnssec=signed) for signed in (False, True))
    assert (plain.status, signed.status) == (0, 0), plain.output + signed.output
    assert " 9 keys" in plain.output
    assert " 10 keys" in signed.output
    assert dollars_a_month(signed.output) == dollars_a_month(plain.output) + 1


def dollars_a_month(plan: str) -> int:
    total = re.search(r"(\d+) in all", plan)
    assert total, plan
    return int(total[1])
