"""The settings of the hospital's programs."""

from portal.development.cognito.settings import (
    DEVELOPMENT_CLIENT_ID,
    DEVELOPMENT_CLIENT_SECRET,
    DevelopmentCognitoSettings,
)
from tests.settings import ENVIRONMENT

PORTAL_NAME, DATABASE_NAME = "portal.drill", "database.drill"
PORTAL_URL = f"http://{PORTAL_NAME}"
DATABASE, ACCOUNT, MIGRATION_ACCOUNT = "portal", "portal", "migration"
SIGN_IN_PORT, MAIL_PORT = 8001, 2525
"""Both are only allowed on loopback, so each place has a relay there to the region."""
THREADS = 8
HOLD_MINUTES, MOST_AHEAD = 5, 10
HELD_SECONDS = 60.0 * HOLD_MINUTES
MUTATION = "DRILL_MUTATION"
"""The variable that names one of `mutations.py`."""

ISSUER = DevelopmentCognitoSettings(
    environment="development", port=SIGN_IN_PORT, callback_urls=(), logout_urls=()
).issuer


def database_url(password: str, host: str = DATABASE_NAME, account: str = ACCOUNT) -> str:
    return f"mysql+pymysql://{account}:{password}@{host}:3306/{DATABASE}?charset=utf8mb4"


def portal_environment(password: str) -> dict[str, str]:
    """The settings of the portal and its worker."""
    return {
        **ENVIRONMENT,
        "DATABASE_URL": database_url(password),
        "PORTAL_URL": PORTAL_URL,
        "TRUSTED_PROXIES": "1",
        "OIDC_ISSUER": ISSUER,
        "OIDC_CLIENT_ID": DEVELOPMENT_CLIENT_ID,
        "OIDC_CLIENT_SECRET": DEVELOPMENT_CLIENT_SECRET,
        "SIGN_INS_PER_ADDRESS": "100000",
        "HOLD_MINUTES": str(HOLD_MINUTES),
        "APPOINTMENTS_AHEAD": str(MOST_AHEAD),
        "MAIL_TRANSPORT": "smtp",
        "SMTP_URL": f"smtp://127.0.0.1:{MAIL_PORT}",
        "GUNICORN_WORKERS": "1",
        "GUNICORN_THREADS": str(THREADS),
    }
