"""The environment, read once; an incomplete one is refused with a word on how to fix it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.errors import ConfigurationError
from portal.hospital import Hospital

DEVELOPMENT_HINT = "For a trial on this machine run `make run`, which sets all of them."


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """Where people sign in. `cognito` switches on the checks and the logout that only Cognito has."""

    issuer: str
    client_id: str
    client_secret: str
    cognito: bool
    groups_claim: str
    role_of_group: Mapping[str, str]
    logout_url: str | None


@dataclass(frozen=True, slots=True)
class Mail:
    """How notices leave: `ses`, `smtp` or `console`."""

    transport: str
    sender: str
    smtp_url: str | None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that the portal is told from outside. Durations are in the units of their names."""

    development: bool
    secret_key: str
    database_url: str
    portal_url: str
    hospital: Hospital
    sign_in: OpenIdProvider
    user_pool_id: str | None
    mail: Mail
    trusted_proxies: int
    database_pool_size: int
    database_ca: str | None

    @property
    def secure_cookies(self) -> bool:
        return self.portal_url.startswith("https://")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises `ConfigurationError` listing everything that is missing or unsafe, with its fix."""
        reader = _Reader(environment)
        settings = cls(
            development=reader.one_of("PORTAL_ENVIRONMENT", ("production", "development"))
            == "development",
            secret_key=reader.required("SECRET_KEY", "at least 32 random characters"),
            database_url=reader.required("DATABASE_URL", "mysql+pymysql://user:password@host/name"),
            portal_url=reader.required("PORTAL_URL", "https://portal.example.org").rstrip("/"),
            hospital=_hospital(reader),
            sign_in=_sign_in(reader),
            user_pool_id=reader.optional("COGNITO_USER_POOL_ID"),
            mail=_mail(reader),
            trusted_proxies=reader.number("TRUSTED_PROXIES", 0),
            database_pool_size=reader.number("DATABASE_POOL_SIZE", 8),
            database_ca=reader.optional("DATABASE_CA"),
        )
        if not reader.faults:
            reader.faults += _unsafe(settings)
        if reader.faults:
            raise ConfigurationError(_explain(reader.faults))
        return settings


class _Reader:
    """Collects faults instead of stopping at the first, so that one start shows them all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.faults: list[str] = []

    def optional(self, name: str) -> str | None:
        return self._environment.get(name, "").strip() or None

    def required(self, name: str, example: str) -> str:
        value = self.optional(name)
        if value is None:
            self.faults.append(f"{name} is not set. Set it to {example}.")
        return value or ""

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.optional(name) or choices[0]
        if value not in choices:
            self.faults.append(f"{name} is {value!r}. Set it to one of: {', '.join(choices)}.")
        return value

    def number(self, name: str, default: int) -> int:
        value = self.optional(name) or str(default)
        if not value.isdecimal():
            self.faults.append(f"{name} is {value!r}. Set it to a whole number, such as {default}.")
            return default
        return int(value)

    def zone(self, name: str, default: str) -> ZoneInfo:
        value = self.optional(name) or default
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            self.faults.append(f"{name} is {value!r}. Set it to an IANA zone, such as {default}.")
            return ZoneInfo(default)


def _hospital(reader: _Reader) -> Hospital:
    return Hospital(
        name=reader.optional("HOSPITAL_NAME") or "MediCare Hub",
        phone=reader.optional("HOSPITAL_PHONE") or "",
        zone=reader.zone("HOSPITAL_TIMEZONE", "Europe/London"),
        care_team_days_before=reader.number("CARE_TEAM_DAYS_BEFORE", 90),
        care_team_days_after=reader.number("CARE_TEAM_DAYS_AFTER", 30),
        slots_ahead_days=reader.number("SLOTS_AHEAD_DAYS", 56),
        hold_minutes=reader.number("HOLD_MINUTES", 5),
        reminder_hours=reader.number("REMINDER_HOURS", 48),
        child_proxy_ends_at_age=reader.number("CHILD_PROXY_ENDS_AT_AGE", 16),
        account_code_days=reader.number("ACCOUNT_CODE_DAYS", 14),
    )


def _sign_in(reader: _Reader) -> OpenIdProvider:
    pairs = [
        pair.partition("=")
        for pair in (reader.optional("OIDC_GROUP_ROLES") or "").split(",")
        if pair
    ]
    return OpenIdProvider(
        issuer=reader.required(
            "OIDC_ISSUER", "https://cognito-idp.<region>.amazonaws.com/<user pool id>"
        ).rstrip("/"),
        client_id=reader.required("OIDC_CLIENT_ID", "the app client's id"),
        client_secret=reader.required("OIDC_CLIENT_SECRET", "the app client's secret"),
        cognito=reader.one_of("OIDC_PROVIDER", ("cognito", "standard")) == "cognito",
        groups_claim=reader.optional("OIDC_GROUPS_CLAIM") or "cognito:groups",
        role_of_group={group.strip(): role.strip() for group, _, role in pairs},
        logout_url=reader.optional("OIDC_LOGOUT_URL"),
    )


def _mail(reader: _Reader) -> Mail:
    transport = reader.one_of("MAIL_TRANSPORT", ("ses", "smtp", "console"))
    return Mail(
        transport=transport,
        sender=reader.required("MAIL_FROM", "an address such as appointments@hospital.example"),
        smtp_url=(
            reader.required("SMTP_URL", "smtp://user:password@host:587")
            if transport == "smtp"
            else None
        ),
    )


def _unsafe(settings: Settings) -> list[str]:
    """What is fine on a developer's machine and never in production."""
    faults = []
    if len(settings.secret_key) < 32:
        faults.append(
            "SECRET_KEY is shorter than 32 characters. Make one with"
            " `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    if settings.development:
        return faults
    if not settings.secure_cookies:
        faults.append("PORTAL_URL is plain HTTP, so cookies would travel in clear. Use https://.")
    if urlsplit(settings.sign_in.issuer).scheme != "https":
        faults.append(
            "OIDC_ISSUER is plain HTTP: the development sign-in is refused in production."
            " Set it to the issuer of your Cognito user pool."
        )
    if settings.mail.transport == "console":
        faults.append("MAIL_TRANSPORT is console: patients would get nothing. Use ses or smtp.")
    return faults


def _explain(faults: list[str]) -> str:
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return (
        f"MediCare Hub can't start: its environment is not complete.\n{lines}\n"
        f"Every setting is described in docs/settings.md. {DEVELOPMENT_HINT}"
    )
