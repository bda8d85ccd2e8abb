"""The settings from the environment, read once. If they are incomplete, the error says how to fix it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal.access import STAFF, Role
from portal.errors import ConfigurationError
from portal.settings.environment import Environment
from portal.settings.hospital import Hospital
from portal.settings.unsafe import COGNITO_ENDPOINT, COGNITO_ISSUER, faults_of

THIS_MACHINE = ("localhost", "127.0.0.1", "[::1]")
STANDARD_ISSUER = "the issuer that your provider's discovery document names"
DEVELOPMENT_HINT = "For a trial on this machine run `make run`, which sets all of them."


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """The sign-in provider. `cognito` enables the checks and the logout that only Cognito has."""

    issuer: str
    client_id: str
    client_secret: str
    cognito: bool
    scope: str
    prompt: str | None
    """OpenID's `prompt`. With `login`, the next person at a shared computer has to sign in again."""
    groups_claim: str
    """The name of a claim, or a path into nested claims with dots."""
    role_of_group: Mapping[str, Role]
    """Only staff roles. Groups that are not listed here are ignored."""
    logout_url: str | None
    """The provider's logout address, if discovery has none."""


@dataclass(frozen=True, slots=True)
class Mail:
    """How notices are sent: `ses`, `smtp` or `console`."""

    transport: str
    sender: str
    smtp_url: str | None


@dataclass(frozen=True, slots=True)
class SharedDirectory:
    """The mount point of the shared file system, and the deadline of one operation on it."""

    path: Path
    deadline_seconds: int


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings from the environment. Units of durations are in the names."""

    development: bool
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    """Former values of SECRET_KEY: data signed or encrypted with them is still accepted."""
    audit_seal_key: str | None
    database_url: str
    portal_url: str
    more_hosts: tuple[str, ...]
    """Host names that requests may use besides the one in the portal's URL."""
    hospital: Hospital
    sign_in: OpenIdProvider
    sign_ins_per_address: int
    """Per ten minutes. A whole hospital may share one address."""
    pages_per_minute: int
    """Per account and process."""
    user_pool_id: str | None
    user_pool_endpoint: str | None
    """Only for an emulated Cognito. The variable has boto3's own name."""
    mail: Mail
    shared_files: SharedDirectory
    scanner_address: str | None
    """clamd's socket: a path, or host:port. Without a scanner, documents wait."""
    trusted_proxies: int
    largest_request_megabytes: int | None
    """The limit of the proxy in front."""
    request_threads: int
    """gunicorn's, in one process."""
    database_pool_size: int
    database_patience_seconds: int
    """How long a request may wait for an unavailable database."""
    database_ca: str | None

    @property
    def has_scanner(self) -> bool:
        return self.scanner_address is not None

    @property
    def secure_cookies(self) -> bool:
        return self.portal_url.startswith("https://")

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        own = urlsplit(self.portal_url).netloc
        return (own, *self.more_hosts, *(THIS_MACHINE if self.development else ()))

    @property
    def secrets(self) -> tuple[str, ...]:
        """SECRET_KEY and its former values, the newest first."""
        return (self.secret_key, *self.secret_key_fallbacks)

    @property
    def audit_secret(self) -> str:
        """The key for the seals on the audit trail. It is separate, so that SECRET_KEY can be changed."""
        return self.audit_seal_key or self.secret_key

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Raises `ConfigurationError` that lists everything missing or unsafe, with its fix."""
        reader = Environment(environment)
        settings = cls(
            development=reader.one_of("PORTAL_ENVIRONMENT", ("production", "development"))
            == "development",
            secret_key=reader.required("SECRET_KEY", "at least 32 random characters"),
            secret_key_fallbacks=tuple((reader.optional("SECRET_KEY_FALLBACKS") or "").split()),
            audit_seal_key=reader.optional("AUDIT_SEAL_KEY"),
            database_url=reader.required("DATABASE_URL", "mysql+pymysql://user:password@host/name"),
            portal_url=reader.url("PORTAL_URL", "https://portal.example.org").rstrip("/"),
            more_hosts=reader.host_names("PORTAL_HOSTS"),
            hospital=_hospital(reader),
            sign_in=_sign_in(reader),
            sign_ins_per_address=reader.number("SIGN_INS_PER_ADDRESS", 300, least=1),
            pages_per_minute=reader.number("PAGES_PER_MINUTE", 600, least=60),
            user_pool_id=reader.optional("COGNITO_USER_POOL_ID"),
            user_pool_endpoint=reader.optional_url(COGNITO_ENDPOINT, "http://127.0.0.1:8001"),
            mail=_mail(reader),
            shared_files=_shared_directory(reader),
            scanner_address=reader.optional_socket("SCANNER_ADDRESS", "/run/clamav/clamd.ctl"),
            trusted_proxies=reader.number("TRUSTED_PROXIES", 0),
            largest_request_megabytes=reader.number("LARGEST_REQUEST_MEGABYTES", 0) or None,
            request_threads=reader.number("GUNICORN_THREADS", 8, least=1),
            database_pool_size=reader.number("DATABASE_POOL_SIZE", 8),
            database_patience_seconds=reader.number("DATABASE_PATIENCE_SECONDS", 10),
            database_ca=reader.optional("DATABASE_CA"),
        )
        if not reader.faults:
            reader.faults += faults_of(settings)
        if reader.faults:
            raise ConfigurationError(_explain(reader.faults))
        return settings


def _hospital(reader: Environment) -> Hospital:
    return Hospital(
        name=reader.optional("HOSPITAL_NAME") or "MediCare Hub",
        phone=reader.optional("HOSPITAL_PHONE") or "",
        zone=reader.zone("HOSPITAL_TIMEZONE", "Europe/London"),
        region=reader.region("HOSPITAL_REGION", "GB-ENG"),
        locale=reader.locale("HOSPITAL_LOCALE", "en_GB"),
        emergency_number=reader.dialled("HOSPITAL_EMERGENCY_NUMBER", "999"),
        care_team_days_before=reader.number("CARE_TEAM_DAYS_BEFORE", 90),
        care_team_days_after=reader.number("CARE_TEAM_DAYS_AFTER", 30),
        emergency_access_hours=reader.number("EMERGENCY_ACCESS_HOURS", 4, least=1),
        notes_signed_by_hour=reader.number("NOTES_SIGNED_BY_HOUR", 18),
        slots_ahead_days=reader.number("SLOTS_AHEAD_DAYS", 56),
        hold_minutes=reader.number("HOLD_MINUTES", 5),
        booking_notice_minutes=reader.number("BOOKING_NOTICE_MINUTES", 60),
        appointments_ahead=reader.number("APPOINTMENTS_AHEAD", 10),
        reminder_hours=reader.number("REMINDER_HOURS", 48),
        child_proxy_ends_at_age=reader.number("CHILD_PROXY_ENDS_AT_AGE", 16),
        account_code_days=reader.number("ACCOUNT_CODE_DAYS", 14),
        searches_per_minute=reader.number("SEARCHES_PER_MINUTE", 60),
        document_megabytes=reader.number("DOCUMENT_MEGABYTES", 25, least=1),
        documents_at_once=reader.number("DOCUMENTS_AT_ONCE", 10, least=1),
        documents_a_day=reader.number("DOCUMENTS_A_DAY", 100, least=1),
        upload_megabytes_a_day=reader.number("UPLOAD_MEGABYTES_A_DAY", 50_000, least=100),
        rejected_file_days=reader.number("REJECTED_FILE_DAYS", 30, least=1),
        staff_idle_minutes=reader.number("STAFF_IDLE_MINUTES", 15, least=3),
        staff_session_hours=reader.number("STAFF_SESSION_HOURS", 12, least=1),
        patient_idle_minutes=reader.number("PATIENT_IDLE_MINUTES", 30, least=3),
        patient_session_hours=reader.number("PATIENT_SESSION_HOURS", 8, least=1),
    )


def _sign_in(reader: Environment) -> OpenIdProvider:
    cognito = reader.one_of("OIDC_PROVIDER", ("cognito", "standard")) == "cognito"
    prompt = reader.one_of("OIDC_PROMPT", ("login", "select_account", "omit"))
    return OpenIdProvider(
        issuer=reader.url("OIDC_ISSUER", COGNITO_ISSUER).rstrip("/")
        if cognito
        else reader.url("OIDC_ISSUER", STANDARD_ISSUER),
        client_id=reader.required("OIDC_CLIENT_ID", "the app client's id"),
        client_secret=reader.required("OIDC_CLIENT_SECRET", "the app client's secret"),
        cognito=cognito,
        scope=reader.optional("OIDC_SCOPE") or "openid email profile",
        prompt=None if prompt == "omit" else prompt,
        groups_claim=(
            reader.optional("OIDC_GROUPS_CLAIM") or ("cognito:groups" if cognito else "groups")
        ),
        role_of_group=_role_of_group(reader),
        logout_url=reader.optional_url("OIDC_LOGOUT_URL", "https://sign-in.example.org/logout"),
    )


def _role_of_group(reader: Environment) -> dict[str, Role]:
    """`group=role` pairs, separated by semicolons or commas. By default groups have the names of roles."""
    roles = {role.value: role for role in STAFF}
    setting = reader.optional("OIDC_GROUP_ROLES")
    if setting is None:
        return roles
    found = {}
    for pair in setting.split(";" if ";" in setting else ","):
        # A directory's group may itself contain equals signs: CN=Doctors,OU=Hospital=doctor.
        group, _, role = (part.strip() for part in pair.rpartition("="))
        if group and role in roles:
            found[group] = roles[role]
        elif pair.strip():
            reader.faults.append(
                f"OIDC_GROUP_ROLES holds {pair.strip()!r}. Write group=role, where role is one of:"
                f" {', '.join(sorted(roles))}."
            )
    return found


def _mail(reader: Environment) -> Mail:
    transport = reader.one_of("MAIL_TRANSPORT", ("ses", "smtp", "console"))
    return Mail(
        transport=transport,
        sender=reader.mail_address("MAIL_FROM", "appointments@hospital.example"),
        smtp_url=reader.smtp_url("SMTP_URL") if transport == "smtp" else None,
    )


def _shared_directory(reader: Environment) -> SharedDirectory:
    return SharedDirectory(
        path=reader.directory("SHARED_FILES_DIRECTORY", "/srv/medicare-hub"),
        deadline_seconds=reader.number("SHARED_FILES_DEADLINE_SECONDS", 5, least=1),
    )


def _explain(faults: list[str]) -> str:
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return (
        f"MediCare Hub can't start: its environment is not complete or not safe.\n{lines}\n"
        f"Every setting is described in docs/settings.md. {DEVELOPMENT_HINT}"
    )
