"""What CONTRIBUTING.md shows is true: each patch fits the tree, passes its own tests, and stays small."""

import shutil
from pathlib import Path

import pytest

from portal import ROOT
from tests.contributing.copies import PATCHES, apply, copy_of_the_tree, files_of, run_python

STEPS = ("add-a-field", "add-a-page", "add-a-deed", "add-a-feature")
MOST_FILES_OF_A_FIELD = 9
MOST_FILES_AROUND_A_FEATURE = 6
FOLDERS_OF_THE_FEATURE = tuple(
    f"{room}/announcements/" for room in ("portal", "templates", "tests")
)

LAWS = (
    *("tests/laws/test_imports.py", "tests/laws/test_signatures.py", "tests/laws/test_routes.py"),
    "tests/laws/test_grants.py::test_every_table_is_granted_and_the_audit_trail_only_for_adding",
    "tests/laws/test_schema.py::test_models_and_migrations_agree",
    "tests/laws/test_schema.py::test_there_is_one_line_of_migrations",
)
"""The laws that a new column, page, deed or table is most likely to break."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_tree(tmp_path_factory.mktemp("tree"))


def outside_tests(step: str) -> list[str]:
    return [name for name in files_of(step) if not name.startswith("tests/")]


def test_contributing_leads_to_each_patch() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()

    assert {path.stem for path in PATCHES.glob("*.patch")} == set(STEPS)
    for step in STEPS:
        assert f"\n## {step.replace('-', ' ').capitalize()}\n" in text
        assert f"(docs/contributing/{step}.patch)" in text


@pytest.mark.parametrize("step", STEPS)
def test_each_patch_fits_the_tree_by_itself_and_brings_a_test(
    tree: Path, tmp_path: Path, step: str
) -> None:
    alone = shutil.copytree(tree, tmp_path / "tree", symlinks=True)

    apply(step, alone)

    assert any(name.startswith("tests/") for name in files_of(step))


def test_all_of_them_pass_their_own_tests_and_the_laws(tree: Path) -> None:
    for step in STEPS:
        apply(step, tree)
    changed = [name for step in STEPS for name in files_of(step) if name.endswith(".py")]
    present = [name for name in changed if (tree / name).exists()]
    own = {name for name in changed if Path(name).name.startswith("test_")}

    run_python(tree, "ruff", "check", *present)
    run_python(tree, "ruff", "format", "--check", *present)
    run_python(tree, "pytest", "-n0", "-q", "-p", "no:cacheprovider", *sorted(own), *LAWS)


def test_a_field_of_patient_touches_few_files() -> None:
    assert 0 < len(outside_tests("add-a-field")) <= MOST_FILES_OF_A_FIELD


def test_a_feature_touches_few_files_outside_its_folders() -> None:
    around = [
        name
        for name in outside_tests("add-a-feature")
        if not name.startswith(FOLDERS_OF_THE_FEATURE)
    ]

    assert 0 < len(around) <= MOST_FILES_AROUND_A_FEATURE
