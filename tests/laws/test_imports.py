"""Which module may import which. The tiers are those of docs/architecture.md, from inside to outside."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "portal").rglob("*.py"))

CORE_PACKAGES = {
    *("models", "reach", "audit", "accounts"),
    *("settings", "database", "telemetry", "web", "shared_files"),
}
"""Modules that all features use."""

COMPOSERS = {
    *("chart", "fhir", "downtime", "worker", "development"),
    "administration",
}
"""They show or run parts of several features, so they may import these, but never their forms or views.

The administration adds a practitioner together with the account of a doctor or nurse.
"""

PURE_MODULES = {"access", "errors", "seen", "vocabulary", "words", "text"}

FEATURES = {
    path.name
    for path in (ROOT / "portal").iterdir()
    if path.is_dir() and path.name not in {*CORE_PACKAGES, *COMPOSERS, *PURE_MODULES, "__pycache__"}
}

PURE_LIBRARIES = {"anyascii", "stdnum", "babel", "email_validator"}
"""Libraries without I/O that a rule may use."""

WEB_LIBRARIES = {"flask", "flask_login", "flask_wtf", "wtforms", "werkzeug"}

OPENID_LIBRARIES = {"authlib", "joserfc"}


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
            or parts[1] in PURE_MODULES
            or parts[1:3] in (["settings"], ["settings", "hospital"])
            or "rules" in parts
            or (len(parts) == 2 and parts[1] in FEATURES)
        )
    )


def is_core(parts: tuple[str, ...] | list[str]) -> bool:
    """Tables, the actor's reach, the audit trail, the context, and what every feature announces."""
    return (
        parts[0] in {"models", "reach", "context"}
        or (parts[0] == "audit" and parts[-1] != "commands")
        or list(parts[:2]) in (["notices", "outbox"], ["accounts", "sessions"])
        or list(parts) in (["notices"], ["accounts"])
    )


def in_tier_of_models(module: str) -> bool:
    parts = module.split(".")
    return (
        in_tier_of_rules(module)
        or parts[0] == "sqlalchemy"
        or (parts[0] == "portal" and is_core(parts[1:]))
    )


def in_tier_of_shared_files(module: str) -> bool:
    parts = module.split(".")
    return parts[0] in sys.stdlib_module_names | {"_typeshed"} or (
        parts[0] == "portal" and (len(parts) == 1 or parts[1] in {"errors", "shared_files"})
    )


def tier_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "portal").with_suffix("").parts
    if (
        parts[0] in PURE_MODULES
        or parts[:2] == ("settings", "hospital")
        or (parts[-1] == "rules" and parts[0] in FEATURES)
    ):
        return "rules"
    if parts[0] in CORE_PACKAGES | {"context", "notices"} and is_core(parts):
        return "models"
    if parts[0] == "shared_files":
        return "shared files"
    if parts[0] in COMPOSERS:
        return "composer"
    if parts[0] not in FEATURES:
        return "outside"
    web = parts[-1].endswith(("views", "forms", "cookies", "__init__", "commands"))
    return "web" if web else "actions"


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


def test_only_shared_files_uses_the_mount() -> None:
    """The settings pass its path to the store, and only the store uses the modules behind it."""
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


DRAWERS_WITHOUT_WEB = {"rules", "queries", "actions", "joining", "practitioners"}


def in_a_drawer_without_web(path: Path) -> bool:
    return "administration" in path.parts and path.stem in DRAWERS_WITHOUT_WEB


@pytest.mark.parametrize(
    "path",
    [
        *of_tier("rules", "models", "actions"),
        *filter(in_a_drawer_without_web, of_tier("composer")),
    ],
    ids=name,
)
def test_the_core_knows_no_web(path: Path) -> None:
    imported = modules_imported_by(path)

    assert {module for module in imported if module.split(".")[0] in WEB_LIBRARIES} == set()
    assert {module for module in imported if module.startswith("portal.web")} == set()


def test_one_room_talks_to_the_openid_provider() -> None:
    rooms = {
        str(path.relative_to(ROOT / "portal").parent)
        for path in MODULES
        if {module.split(".")[0] for module in modules_imported_by(path)} & OPENID_LIBRARIES
    }

    assert rooms <= {"signin/provider", "development/cognito"}


def features_known_by(path: Path) -> set[str]:
    """Modules of other features that this one imports. Everybody may import rules, which are pure."""
    own = path.relative_to(ROOT / "portal").parts[0]
    return {
        module
        for module in modules_imported_by(path)
        if module.startswith("portal.")
        and module.split(".")[1] in (FEATURES | COMPOSERS) - {own}
        and not in_tier_of_models(module)
    }


@pytest.mark.parametrize("path", of_tier("actions", "web"), ids=name)
def test_a_feature_knows_only_itself(path: Path) -> None:
    assert features_known_by(path) == set()


def is_of_forms_or_views(module: str) -> bool:
    """Whether the name means a file of forms or views. A folder may be called `kept_forms`."""
    path = ROOT
    for part in module.split("."):
        path = path / part
        if part.endswith(("views", "forms")) and path.with_suffix(".py").is_file():
            return True
    return False


@pytest.mark.parametrize("path", of_tier("composer"), ids=name)
def test_a_composer_knows_no_forms_or_views_of_others(path: Path) -> None:
    assert {module for module in features_known_by(path) if is_of_forms_or_views(module)} == set()


def test_only_create_app_and_the_composers_know_the_features() -> None:
    knowing = {
        path.relative_to(ROOT / "portal").parts[0]
        for path in of_tier("outside", "models", "rules")
        if features_known_by(path)
    }

    assert knowing <= {"__init__.py"}


def test_nothing_in_a_release_imports_the_demonstration() -> None:
    """`portal/development/` is not part of a release."""
    needing = {
        name(path)
        for path in MODULES
        if "portal.development" in path.read_text()
        and path.relative_to(ROOT / "portal").parts[0] != "development"
    }

    assert needing == set()
