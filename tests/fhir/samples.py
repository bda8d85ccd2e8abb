"""Small bundles of Synthea's shape, made by hand, and ways to reach into them.

`record` and `visitor` hold a patient each, the first with those who saw her, the second with
conditional references to those of `directory`.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from portal.fhir.facts import BundleFacts
from portal.fhir.reading import read_bundle
from portal.settings.hospital import Hospital

BUNDLES = Path(__file__).parent / "bundles"
NAMES = ("record", "directory", "visitor")
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def bundle(name: str) -> Any:
    """A fresh copy, to be changed at will."""
    return json.loads((BUNDLES / f"{name}.json").read_text(encoding="utf-8"))


def resource(parsed: Any, kind: str) -> Any:
    """The first resource of this kind."""
    return next(
        entry["resource"] for entry in parsed["entry"] if entry["resource"]["resourceType"] == kind
    )


def read(parsed: object) -> BundleFacts:
    return read_bundle(parsed, hospital=Hospital(), now=NOW)


def urn_uuid(ending: str) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-0000000000{ending}"
