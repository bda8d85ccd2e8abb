"""Static files with a fingerprint in the address, so that browsers may keep them for a year."""

import json
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

from portal.errors import ConfigurationError

FINGERPRINTS = "asset_fingerprints"
"""In the application's extensions: names of built files, each with its fingerprint."""


def install(app: Flask) -> None:
    manifest = _manifest(Path(app.static_folder or "") / "build" / "manifest.json")

    app.extensions[FINGERPRINTS] = manifest
    addresses = {
        name: f"{app.static_url_path}/{name}?v={fingerprint}"
        for name, fingerprint in manifest.items()
    }

    def asset(name: str) -> str:
        """The address of a file below `static/`; raises KeyError for one that was not built."""
        return addresses[name]

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["import_map"] = _import_map(addresses, app.static_url_path)


def _import_map(addresses: Mapping[str, str], static: str | None) -> dict[str, dict[str, str]]:
    """Leads a script that another script imports to its address with a fingerprint (HTML, "Import maps")."""
    scripts = {
        f"{static}/{name}": address for name, address in addresses.items() if name.endswith(".js")
    }
    return {"imports": scripts}


def _manifest(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        raise ConfigurationError(
            "The style sheets and scripts are not built yet. Run `make assets`."
        ) from None
