"""The environment of a portal under test."""

import atexit
import tempfile

from portal.settings.configuration import Settings

_shared_files = tempfile.TemporaryDirectory(prefix="medicare-hub-shared-files-")
atexit.register(_shared_files.cleanup)

ENVIRONMENT = {
    "PORTAL_ENVIRONMENT": "development",
    "SECRET_KEY": "a secret for tests alone, and long enough",
    "PORTAL_URL": "http://127.0.0.1:8000",
    "OIDC_ISSUER": "http://127.0.0.1:8001/local_pool",
    "OIDC_CLIENT_ID": "portal",
    "OIDC_CLIENT_SECRET": "a client secret for tests",
    "MAIL_TRANSPORT": "console",
    "MAIL_FROM": "appointments@hospital.example",
    "SHARED_FILES_DIRECTORY": _shared_files.name,
    "HOSPITAL_NAME": "MediCare Hub",
    "HOSPITAL_PHONE": "01632 960 100",
    "PAGES_PER_MINUTE": "1000000",
}

MOST_AT_ONCE = 32
"""How many threads of a test may use one portal at once. There is no gunicorn to limit them."""


def settings_for(database_url: str, **environment: str) -> Settings:
    """Settings over this database; `environment` replaces single variables."""
    told = {"DATABASE_URL": database_url, "GUNICORN_THREADS": str(MOST_AT_ONCE), **environment}
    return Settings.from_environment({**ENVIRONMENT, **told})
