"""What the preflight refuses and shows. It stops before anything is made, so these runs are short."""

import re
from collections.abc import Iterator

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


def test_every_fault_is_told_at_once_with_its_fix(empty: Account) -> None:
    settings = {name: wrong for name, (wrong, _) in FAULTS.items()}
    run = play("site", empty, **settings)
    told = " ".join(run.output.split())
    assert run.status != 0
    for name, (_, fix) in FAULTS.items():
        assert fix in told, name
    assert empty.made() == set()


def test_a_cluster_needs_local_disks(empty: Account) -> None:
    run = play("site", empty, database_topology="cluster")
    assert run.status != 0
    assert "db.m6gd.large" in run.output
    assert empty.made() == set()


def test_a_teardown_waits_for_a_yes(empty: Account) -> None:
    run = play("teardown", empty)
    assert run.status != 0
    assert "Nothing was removed" in run.output


def test_a_teardown_says_what_stays(empty: Account) -> None:
    run = play("teardown", empty, preflight_confirmation="no")
    assert "What stays: a last snapshot of the database" in " ".join(run.output.split())


def test_prices_say_of_when_they_are_and_where_the_true_ones_stand() -> None:
    prices = yaml.safe_load((ANSIBLE / "roles/preflight/vars/prices.yml").read_text())
    plan = (ANSIBLE / "roles/preflight/templates/plan.txt.j2").read_text()

    assert "{{ __preflight_prices_of }}" in plan
    assert "{{ cost.page }}" in plan
    assert all(
        cost["page"].startswith("aws.amazon.com/") and "/pricing" in cost["page"]
        for cost in prices["__preflight_costs"]
    )


def test_the_plan_counts_the_keys_that_sign_a_zone(empty: Account) -> None:
    plain, signed = (play(PLAN, empty, hub_dnssec=signed) for signed in (False, True))
    assert (plain.status, signed.status) == (0, 0), plain.output + signed.output
    assert " 8 keys" in plain.output
    assert " 10 keys" in signed.output
    assert dollars_a_month(signed.output) == dollars_a_month(plain.output) + 2


def dollars_a_month(plan: str) -> int:
    total = re.search(r"(\d+) in all", plan)
    assert total, plan
    return int(total[1])
