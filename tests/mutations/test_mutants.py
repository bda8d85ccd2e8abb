"""Each kind of fault is found where it can be put in, and nowhere else."""

import pytest

from tests.mutations.mutants import mutants_of
from tests.mutations.report import report
from tests.mutations.trying import Outcome

FAULTS = {
    "x = a and b": ["x = a or b"],
    "x = a or b": ["x = a and b"],
    "x = a or b or c": ["x = a and b or c", "x = a or b and c"],
    "x = a < b": ["x = a <= b"],
    "x = a == b": ["x = a != b"],
    "x = a is not b": ["x = a is b"],
    "x = a not in b": ["x = a in b"],
    "x = not a": ["x = a"],
    "x = a + b": ["x = a - b"],
    "x = 3": ["x = 4"],
    "x = True": ["x = False"],
    "if a:\n    x = b": ["if not a:\n    x = b"],
    "remember(a)": ["pass"],
    'remember(\n    a,\n    of="ü",\n)': ["pass"],
    "x = 'ü' if a else b": ["x = 'ü' if not a else b"],
    "def f(x: int | None) -> int | None:\n    return x": [],
    '"""A docstring."""': [],
    "x: int | None": [],
    'x = f"{a}" + "b"': [],
}


@pytest.mark.parametrize(("source", "wanted"), FAULTS.items(), ids=FAULTS)
def test_the_faults_of_a_line(source: str, wanted: list[str]) -> None:
    found = [
        one.applied_to(source.encode()).decode() for one in mutants_of("x.py", source.encode())
    ]
    assert found == wanted


def test_its_line_is_told() -> None:
    [mutant] = mutants_of("x.py", b"x = a\ny = (\n    b\n    and c\n)")
    assert mutant.line == 4


def test_a_report_names_who_survived() -> None:
    [mutant] = mutants_of("x.py", b"x = 3")
    outcomes = [Outcome(mutant, "x.py:1: `3` → `4`", survived, 7) for survived in (True, False)]
    assert "1 of 2 mutants were noticed (50%), seed 5." in report(outcomes, 5)
    assert "- x.py:1: `3` → `4` (7 tests run it)" in report(outcomes, 5)
