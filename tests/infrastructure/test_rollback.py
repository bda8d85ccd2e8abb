"""Rolling back to the last good release, in the worst situations. Each test has a copy of the account."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.infrastructure.account import Account
from tests.infrastructure.fleets import group, refreshes, running, running_releases
from tests.infrastructure.playbooks import Run, play

HASTE: dict[str, Any] = {"fleet_refresh_timeout": 20, "fleet_start_timeout": 20}
"""A run that waits for something that never comes fails soon instead of after two hours."""


@pytest.fixture
def account(two_releases: Account) -> Iterator[Account]:
    """Release 2.0 runs in it, after 1.0."""
    with two_releases.copied() as account:
        yield account


def back(account: Account, **settings: str) -> Run:
    return play("rollback", account, **HASTE, **settings)


def told(run: Run) -> str:
    """All that it printed, as one line."""
    return " ".join(run.output.split())


def test_two_ill_instances_of_three_are_replaced_and_the_third_serves_meanwhile(
    account: Account,
) -> None:
    with account.suffers(ill="2.0", spared=1):
        run = back(account)
    assert run.status == 0, run.output
    assert "Taking back 2.0 for 1.0." in told(run)
    assert running_releases(account) == {"1.0"}
    assert refreshes(account)[0]["Preferences"]["MinHealthyPercentage"] == 33

    again = back(account)
    assert (again.status, again.changed) == (0, []), again.output
    assert "Nothing is taken back" in told(again)


def test_with_no_healthy_instance_no_database_no_systems_manager_and_a_dark_zone(
    account: Account,
) -> None:
    away = [
        "rds",
        "secretsmanager",
        "ssm",
        "elasticfilesystem",
        "cognito-idp",
        "s3",
        "kms",
        "monitoring",
    ]
    with account.suffers(ill="2.0", away=away, dark="eu-west-2a"):
        run = back(account)
        assert run.status == 0, run.output
    assert running_releases(account) == {"1.0"}
    assert {one["Placement"]["AvailabilityZone"] for one in running(account)} == {
        "eu-west-2b",
        "eu-west-2c",
    }


def test_it_brings_back_the_template_exactly_as_it_ran(account: Account) -> None:
    before = group(account)["LaunchTemplate"]["Version"]
    assert back(account).status == 0
    assert int(group(account)["LaunchTemplate"]["Version"]) < int(before)


def test_a_rollout_that_hangs_is_cancelled_and_what_ran_before_it_stays(account: Account) -> None:
    with account.suffers(looks=10**6):
        hangs = play("deploy", account, hub_release="1.0", **HASTE | {"fleet_refresh_timeout": 1})
        assert "is still InProgress" in told(hangs)
        assert refreshes(account)[0]["Status"] == "InProgress"
    with account.suffers(ill="1.0"):
        run = back(account)
        assert run.status == 0, run.output
    assert [one["Status"] for one in refreshes(account)[:2]] == ["Successful", "Cancelled"]
    assert running_releases(account) == {"2.0"}


def test_a_deployment_waits_for_the_rollout_that_an_interrupted_one_began(account: Account) -> None:
    with account.suffers(looks=10**6):
        play("deploy", account, hub_release="1.0", **HASTE | {"fleet_refresh_timeout": 1})
    (begun, *_) = refreshes(account)
    again = play("deploy", account, hub_release="1.0", **HASTE)
    assert again.status == 0, again.output
    assert refreshes(account)[0]["InstanceRefreshId"] == begun["InstanceRefreshId"]
    assert running_releases(account) == {"1.0"}


def test_a_good_release_is_deployed_over_a_bad_one(account: Account) -> None:
    with account.suffers(ill="2.0"):
        run = play("deploy", account, hub_release="1.0", **HASTE)
        assert run.status == 0, run.output
    assert running_releases(account) == {"1.0"}


def test_an_unknown_release_is_refused_with_what_to_do(account: Account) -> None:
    run = back(account, hub_release="0.9")
    assert run.status != 0
    assert "0.9 has never been rolled out" in told(run)
    assert "bake.yml, then deploy.yml" in told(run)
    assert running_releases(account) == {"2.0"}


def test_nobody_goes_back_in_somebody_elses_account(account: Account) -> None:
    run = back(account, preflight_expected_account="999999999999")
    assert run.status != 0
    assert "Take the other account's credentials" in told(run)
