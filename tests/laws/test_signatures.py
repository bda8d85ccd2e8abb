"""Functions and files are small, imports have no cycles, and each thing is done in one place."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "portal").rglob("*.py"))
OF_ANSIBLE = sorted((ROOT / "ansible").rglob("*.py"))
OF_TESTS = sorted((ROOT / "tests").rglob("*.py"))
SCRIPTS = sorted((ROOT / "static" / "js").rglob("*.js"))

MOST_PARAMETERS = 5
"""Without `self` and `cls`."""
MOST_LINES_OF_A_FUNCTION, MEDIAN_LINES_OF_A_FUNCTION = 40, 8
MOST_LINES_OF_A_FILE = 250

THE_TRAIL = "portal/context.py"
"""The only module that writes to the audit trail. All others call `Context.remember`."""
THE_ROW_COUNT = "portal/models/rows.py"
"""The only module that reads a cursor's row count. All others call `changed`."""


WRITES_THE_TRAIL = re.compile(
    r"\baudit\.(remember|write)\(|from portal\.audit import .*\b(remember|write)\b"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions_of(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, Function))


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters_of(function: Function) -> int:
    given = function.args
    named = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(named) - (named[:1] in (["self"], ["cls"]))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def long_file(path: Path) -> list[str]:
    lines = path.read_text().count("\n")
    return [f"it is {lines} lines long"] if lines > MOST_LINES_OF_A_FILE else []


def large_functions(path: Path) -> list[str]:
    faults = [
        f"{function.name} takes {count} parameters"
        for function in functions_of(path)
        if (count := parameters_of(function)) > MOST_PARAMETERS
    ]
    return faults + [
        f"{function.name} is {lines} lines long"
        for function in functions_of(path)
        if (lines := lines_of(function)) > MOST_LINES_OF_A_FUNCTION
    ]


def faults_of(path: Path) -> list[str]:
    """Forbidden things that a module of the portal does."""
    source = path.read_text()
    faults = long_file(path) + large_functions(path)
    if re.search(r"""cast\(\s*["']?CursorResult""", source) and name(path) != THE_ROW_COUNT:
        faults.append("it casts to CursorResult by itself")
    if WRITES_THE_TRAIL.search(source) and name(path) != THE_TRAIL:
        faults.append("it writes to the audit trail by itself")
    return faults


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_and_files_are_small_and_use_the_one_door(path: Path) -> None:
    assert faults_of(path) == []


def test_files_of_ansible_are_small_and_so_are_their_functions() -> None:
    found = {name(path): long_file(path) + large_functions(path) for path in OF_ANSIBLE}

    assert len(found) > 50
    assert {path: faults for path, faults in found.items() if faults} == {}


def test_files_of_tests_and_scripts_are_small() -> None:
    assert len(OF_TESTS) > 500
    assert len(SCRIPTS) >= 5
    assert [name(path) for path in (*OF_TESTS, *SCRIPTS) if long_file(path)] == []


def test_half_of_all_functions_are_eight_lines_or_fewer() -> None:
    lengths = [lines_of(function) for path in MODULES for function in functions_of(path)]

    assert len(lengths) > 1000
    assert median(lengths) <= MEDIAN_LINES_OF_A_FUNCTION


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {module_of(path) for path in MODULES}


def packages_of(module: str) -> set[str]:
    parts = module.split(".")
    return {".".join(parts[:count]) for count in range(1, len(parts))}


def nodes_for_types(tree: ast.Module) -> set[ast.AST]:
    return {
        inside
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inside in ast.walk(node)
    }


def modules_run_by(path: Path) -> set[str]:
    """The portal's modules that this one imports, at its start or inside a function.

    Its parent packages are left out, because their `__init__` has already begun. They count when it
    imports a name from them. Imports only for types do not count.
    """
    own, for_types = module_of(path), nodes_for_types(tree_of(path))
    found: set[str] = set()
    for node in ast.walk(tree_of(path)):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            within = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= within & NAMES
            if within - NAMES:
                found.add(node.module)
    around = {package for module in found for package in packages_of(module)}
    return (found | (around - packages_of(own))) & NAMES - {own}


def reached_from(module: str, graph: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    ahead = [*graph[module]]
    while ahead:
        following = ahead.pop()
        if following not in reached:
            reached.add(following)
            ahead += graph[following]
    return reached


def test_no_module_leads_back_to_itself() -> None:
    graph = {module_of(path): modules_run_by(path) for path in MODULES}

    assert len(graph) > 200
    assert {module for module in graph if module in reached_from(module, graph)} == set()
