"""The result of `make assets` in static/build."""

import hashlib
import json
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "static"
BUILD = STATIC / "build"
BRAND, ACTION = "#0b5563", "#0f766e"


def manifest() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    return loaded


def style_sheet() -> str:
    return (BUILD / "medicare-hub.css").read_text(encoding="utf-8")


def contrast(one: str, other: str) -> float:
    """The contrast ratio that WCAG 2 defines, of two colours such as #0b5563."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("words", ["frutiger", "assets.nhs.uk", "http:", "https:", "sourcemapping"])
def test_nothing_built_names(words: str) -> None:
    naming = [
        name
        for name in manifest()
        if words
        in (STATIC / name)
        .read_text(encoding="utf-8")
        .lower()
        # Nobody fetches the address of an XML namespace.
        .replace("http://www.w3.org/", "")
    ]
    assert naming == []


def test_the_style_sheet_has_our_own_look() -> None:
    css = style_sheet()
    assert re.search(r"html\{font-family:system-ui,", css)
    assert f"--nhsuk-brand-colour: {BRAND}" in css
    assert f"--nhsuk-button-colour: {ACTION}" in css


@pytest.mark.parametrize("colour", [BRAND, ACTION])
@pytest.mark.parametrize("ground", ["#ffffff", "#f0f4f5"])
def test_our_colours_can_be_read(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


def test_every_picture_that_the_style_sheet_names_is_there_with_its_fingerprint() -> None:
    named = set(re.findall(r'url\("?([^")]+)"?\)', style_sheet()))
    assert named
    known = {f"{name.removeprefix('build/')}?v={sha}" for name, sha in manifest().items()}
    assert {name for name in named if not name.startswith("data:")} <= known


def test_the_manifest_names_every_served_file_by_its_content() -> None:
    served = [
        file
        for folder in ("build", "img", "js")
        for file in (STATIC / folder).rglob("*")
        if file.is_file() and file.name != "manifest.json" and not file.name.startswith(".")
    ]
    fingerprints = {
        file.relative_to(STATIC).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()[:16]
        for file in served
    }
    assert manifest() == fingerprints
