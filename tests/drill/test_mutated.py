"""Each mutation still finds what it patches; `make drill-mutations` checks that it is caught."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drill.mutations_are_caught import CAUGHT
from tests.drill.settings import MUTATION
from tests.settings import ENVIRONMENT

ROOT = Path(__file__).parents[2]
MUTATIONS = [scenario.plan.mutation for scenario, _ in CAUGHT.values() if scenario.plan.mutation]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_it_can_be_applied(mutation: str) -> None:
    environment = {
        **ENVIRONMENT,
        "DATABASE_URL": "mysql+pymysql://nobody:nothing@127.0.0.1:1/portal",
        MUTATION: mutation,
    }
    done = subprocess.run(
        [sys.executable, "-c", "import tests.drill.mutated"],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
