"""The checker can fail: it notices each missing safeguard of the portal. Run: make drill-mutations."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.drill import faults, mutations
from tests.drill.drill import Scenario
from tests.drill.findings import Law
from tests.drill.furnishing import Furnishing, furnish
from tests.drill.opening import Plan
from tests.drill.running import run

SEED = 7
"""The checker still catches each mutation."""


@pytest.fixture(scope="session")
def furnishing(tmp_path_factory: pytest.TempPathFactory) -> Furnishing:
    return furnish(tmp_path_factory.mktemp("drill"))


def mutated(mutation: Callable[[Flask], None], *statements: str, door: bool = False) -> Plan:
    return Plan(mutation=mutation.__name__, statements=statements, loses_replies=door)


CAUGHT = {
    "no submission key": (
        Scenario(
            faults.replies_of_commits_are_lost, mutated(mutations.no_submission_key, door=True)
        ),
        {Law.DOUBLED, Law.REFUSED_BUT_DONE},
    ),
    "acknowledge before commit": (
        Scenario(faults.the_primary_is_killed, mutated(mutations.acknowledge_before_commit)),
        {Law.LOST, Law.VANISHED},
    ),
    "asynchronous replication": (
        Scenario(faults.a_zone_is_killed, Plan(semi_synchronous=False)),
        {Law.LOST},
    ),
    "no unique key and no condition": (
        Scenario(faults.nothing_happens, mutated(mutations.no_condition, mutations.NO_UNIQUE_KEY)),
        {Law.TWO_PATIENTS},
    ),
    "no pool invalidation": (
        Scenario(faults.the_old_primary_answers_read_only, mutated(mutations.no_pool_invalidation)),
        {Law.LATE},
    ),
    "health check asks the database": (
        Scenario(faults.the_database_is_away, mutated(mutations.health_check_asks_the_database)),
        {Law.TAKEN_OUT},
    ),
}


@pytest.mark.parametrize(("scenario", "laws"), CAUGHT.values(), ids=CAUGHT)
def test_it_is_caught(furnishing: Furnishing, scenario: Scenario, laws: set[Law]) -> None:
    result = run(furnishing, scenario, SEED)
    broken = {one.law for one in result.findings}
    assert broken & laws, f"not caught; found only {[law.value for law in broken]}"


def test_nothing_is_found_where_nothing_happens(furnishing: Furnishing) -> None:
    assert run(furnishing, Scenario(faults.nothing_happens), SEED).findings == []
