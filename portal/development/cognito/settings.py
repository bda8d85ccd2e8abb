"""The settings of the development provider, and when it refuses to start."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

DEVELOPMENT_CLIENT_ID = "medicare-hub-development"
DEVELOPMENT_CLIENT_SECRET = "only-for-development-nobody-here-is-real"  # noqa: S105 (no secret)
DEVELOPMENT_POOL_ID = "local_MediCareHub"


class RefusedToStart(Exception):
    """The provider must not run here; the message says what to change."""


@dataclass(frozen=True, kw_only=True)
class DevelopmentCognitoSettings:
    """Everything that is configured.

    Lifetimes and ages are in seconds. `callback_urls` and `logout_urls` must match exactly, as in
    Cognito. Without `state_file` nothing is kept after the process ends.
    """

    environment: str
    host: str = "127.0.0.1"
    port: int = 8001
    callback_urls: tuple[str, ...]
    logout_urls: tuple[str, ...]
    pool_id: str = DEVELOPMENT_POOL_ID
    client_id: str = DEVELOPMENT_CLIENT_ID
    client_secret: str = DEVELOPMENT_CLIENT_SECRET
    state_file: Path | None = None
    code_lifetime: int = 300
    token_lifetime: int = 3600
    refresh_token_lifetime: int = 13 * 3600
    hosted_session_lifetime: int = 3600
    rotate_keys_after: int = 24 * 3600
    now: Callable[[], float] = time.time

    @property
    def domain(self) -> str:
        """The origin of the hosted pages, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def issuer(self) -> str:
        return f"{self.domain}/{self.pool_id}"


def refuse_unless_development_on_loopback(settings: DevelopmentCognitoSettings) -> None:
    """Raise RefusedToStart unless this is a development machine talking to itself."""
    if settings.environment != "development":
        raise RefusedToStart(
            "The development sign-in lets anybody in as anybody, so it starts only in development. "
            f"PORTAL_ENVIRONMENT is {settings.environment!r}; set PORTAL_ENVIRONMENT=development, "
            "or use a real Cognito user pool."
        )
    if not is_loopback(settings.host):
        raise RefusedToStart(
            f"The development sign-in listens on loopback only, and {settings.host!r} is not a "
            "loopback address. Use 127.0.0.1."
        )


def is_loopback(host: str) -> bool:
    """Whether `host`, an IPv4 address in dotted form, cannot be reached from another machine."""
    try:
        return ip_address(host).version == 4 and ip_address(host).is_loopback
    except ValueError:
        return False
