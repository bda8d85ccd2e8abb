"""Who may import whom. The tiers are those of docs/architecture.md, read from the inside out."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "portal").rglob("*.py"))

FEATURES = {
    *("patients", "appointments", "schedules", "documents"),
    *("administration", "signin", "home", "fhir", "downtime"),
}
ENTRANCES = {"worker", "demonstration"}
"""Programs of their own: like `create_app` they may call any feature's actions."""

PURE_LIBRARIES = {"anyascii", "stdnum"}
"""Libraries without I/O that a rule may lean on."""

WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug", "authlib"}


def modules_imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def in_tier_of_rules(module: str) -> bool:
    parts = module.split(".")
    return parts[0] in sys.stdlib_module_names | PURE_LIBRARIES or (
        parts[0] == "portal"
        and (
            len(parts) == 1
            or parts[1] in {"access", "errors", "hospital"}
            or "rules" in parts
            or (len(parts) == 2 and parts[1] in FEATURES)
        )
    )


def in_tier_of_models(module: str) -> bool:
    parts = module.split(".")
    return in_tier_of_rules(module) or (
        parts[0] == "sqlalchemy"
        or (parts[0] == "portal" and parts[1] in {"models", "audit", "outbox", "sign_in_sessions"})
    )


def in_tier_of_shared_files(module: str) -> bool:
    parts = module.split(".")
    return parts[0] in sys.stdlib_module_names | {"_typeshed"} or (
        parts[0] == "portal" and (len(parts) == 1 or parts[1] in {"errors", "shared_files"})
    )


def tier_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "portal").with_suffix("").parts
    if parts[0] in {"access", "errors", "hospital"} or parts[-1] == "rules":
        return "rules"
    if parts[0] in {"models", "audit", "outbox", "sign_in_sessions"}:
        return "models"
    if parts[0] == "shared_files":
        return "shared files"
    if parts[0] in FEATURES - {"signin", "home"} and not parts[-1].endswith(
        ("views", "forms", "__init__", "commands")
    ):
        return "actions"
    return "web" if parts[0] in FEATURES else "outside"


def of_tier(*tiers: str) -> list[Path]:
    return [path for path in MODULES if tier_of(path) in tiers]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", of_tier("rules"), ids=name)
def test_rules_know_only_the_standard_library_and_each_other(path: Path) -> None:
    assert {module for module in modules_imported_by(path) if not in_tier_of_rules(module)} == set()


@pytest.mark.parametrize("path", of_tier("models"), ids=name)
def test_models_know_rules_and_sqlalchemy(path: Path) -> None:
    assert {
        module for module in modules_imported_by(path) if not in_tier_of_models(module)
    } == set()


@pytest.mark.parametrize("path", of_tier("shared files"), ids=name)
def test_shared_files_know_only_the_standard_library_and_errors(path: Path) -> None:
    assert {
        module for module in modules_imported_by(path) if not in_tier_of_shared_files(module)
    } == set()


def test_nobody_else_touches_the_mount() -> None:
    """Its path goes from the settings to the store, which asks for everything behind the door."""
    told = {name(path) for path in MODULES if "settings.shared_files" in path.read_text()}
    behind_the_door = {f"portal.shared_files.{path.stem}" for path in of_tier("shared files")} - {
        "portal.shared_files.__init__"
    }
    intruders = {
        name(path)
        for path in MODULES
        if tier_of(path) != "shared files" and modules_imported_by(path) & behind_the_door
    }

    assert told == {"portal/__init__.py"}
    assert intruders == set()


@pytest.mark.parametrize("path", of_tier("rules", "models", "actions"), ids=name)
def test_the_core_knows_no_web(path: Path) -> None:
    imported = modules_imported_by(path)

    assert {module for module in imported if module.split(".")[0] in WEB_LIBRARIES} == set()
    assert {module for module in imported if module.startswith("portal.web")} == set()


@pytest.mark.parametrize("path", of_tier("actions", "web"), ids=name)
def test_a_feature_knows_only_itself(path: Path) -> None:
    feature = path.relative_to(ROOT / "portal").parts[0]
    others = (FEATURES | ENTRANCES) - {feature}
    imported = {
        module
        for module in modules_imported_by(path)
        if module.startswith("portal.") and module.split(".")[1] in others
    }

    assert {module for module in imported if not in_tier_of_rules(module)} == set()


def test_only_create_app_and_the_entrances_know_the_features() -> None:
    knowing = {
        path.relative_to(ROOT / "portal").parts[0]
        for path in of_tier("outside")
        if any(
            module.startswith("portal.")
            and module.split(".")[1] in FEATURES
            and not in_tier_of_rules(module)
            for module in modules_imported_by(path)
        )
    }

    assert knowing <= {"__init__.py", *ENTRANCES}


def test_no_folder_is_unknown_to_this_law() -> None:
    folders = {path.relative_to(ROOT / "portal").parts[0] for path in MODULES}

    assert {folder for folder in folders if not folder.endswith(".py")} == (
        FEATURES | ENTRANCES | {"models", "web", "shared_files"}
    ) & {path.name for path in (ROOT / "portal").iterdir()}
