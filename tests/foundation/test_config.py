"""A portal with missing or unsafe settings does not start and says what to set."""

import pytest

from portal.access import Role
from portal.errors import ConfigurationError
from portal.settings.configuration import Settings
from portal.settings.hospital import Hospital
from tests.foundation.config import DEVELOPMENT, NEEDED_IN_PRODUCTION, PRODUCTION


def faults(environment: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigurationError) as refusal:
        Settings.from_environment(environment)
    message = str(refusal.value)
    assert message.startswith("MediCare Hub can't start")
    assert "secret of the client" not in message
    return [line.removeprefix("  - ") for line in message.splitlines() if line.startswith("  - ")]


def test_the_default_environment_is_production() -> None:
    settings = Settings.from_environment(PRODUCTION)

    assert not settings.development
    assert settings.secure_cookies
    assert settings.mail.transport == "ses"
    assert settings.sign_in.cognito
    assert settings.sign_in.groups_claim == "cognito:groups"
    assert settings.sign_in.prompt == "login"
    assert settings.sign_in.role_of_group["doctor"] is Role.DOCTOR
    assert settings.hospital == Hospital()


def test_development_may_do_what_production_may_not() -> None:
    settings = Settings.from_environment(DEVELOPMENT)

    assert settings.development
    assert not settings.secure_cookies


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("SECRET_KEY", "SECRET_KEY is not set. Set it to at least 32 random characters."),
        (
            "DATABASE_URL",
            "DATABASE_URL is not set. Set it to mysql+pymysql://user:password@host/name.",
        ),
        ("PORTAL_URL", "PORTAL_URL is not set. Set it to https://portal.example.org."),
        (
            "OIDC_ISSUER",
            (
                "OIDC_ISSUER is not set. Set it to"
                " https://cognito-idp.<region>.amazonaws.com/<user pool id>."
            ),
        ),
        ("OIDC_CLIENT_ID", "OIDC_CLIENT_ID is not set. Set it to the app client's id."),
        ("OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET is not set. Set it to the app client's secret."),
        (
            "MAIL_FROM",
            "MAIL_FROM is not set. Set it to an address such as appointments@hospital.example.",
        ),
    ],
)
@pytest.mark.parametrize("nothing", [None, "", "  "], ids=["missing", "empty", "blank"])
def test_what_is_missing_is_named(name: str, fault: str, nothing: str | None) -> None:
    environment = {key: value for key, value in PRODUCTION.items() if key != name}
    if nothing is not None:
        environment[name] = nothing

    assert faults(environment) == [fault]


def test_all_that_is_missing_is_named_at_once() -> None:
    assert [fault.split()[0] for fault in faults({})] == [
        name for name in PRODUCTION if name not in NEEDED_IN_PRODUCTION
    ]


UNSAFE = {
    "plain HTTP": (
        {"PORTAL_URL": "http://portal.example.org"},
        "PORTAL_URL is plain HTTP, so cookies would travel in clear. Set it to an https:// address.",
    ),
    "plain HTTP to the provider": (
        {"OIDC_ISSUER": "http://cognito.example.org/pool"},
        (
            "OIDC_ISSUER is plain HTTP or on this machine, as the development sign-in is, which lets"
            " anybody in as anybody. Set it to your provider's issuer, such as"
            " https://cognito-idp.<region>.amazonaws.com/<user pool id>."
        ),
    ),
    "plain HTTP to its logout": (
        {"OIDC_LOGOUT_URL": "http://sign-in.example.org/logout"},
        "OIDC_LOGOUT_URL is plain HTTP. Set it to an https:// address.",
    ),
    "console mail": (
        {"MAIL_TRANSPORT": "console"},
        "MAIL_TRANSPORT is console, so nobody would get emails. Set it to ses or smtp.",
    ),
    "a database that nobody checks": (
        {"DATABASE_CA": ""},
        (
            "DATABASE_CA is not set, so nobody would check whether the database is the right one. Set"
            " it to the file with the authority that signed its certificate."
        ),
    ),
    "staff without a second step": (
        {"COGNITO_USER_POOL_ID": ""},
        (
            "COGNITO_USER_POOL_ID is not set, so staff would need no second step. Set it to the pool's"
            " id, such as eu-west-2_AbCdEfGhI."
        ),
    ),
    "a short secret of before": (
        {"SECRET_KEY_FALLBACKS": f"{'k' * 32} short"},
        (
            "SECRET_KEY_FALLBACKS holds a key that is shorter than 32 characters. Write whole keys"
            " with spaces between."
        ),
    ),
    "a short secret": (
        {"SECRET_KEY": "short"},
        (
            "SECRET_KEY is shorter than 32 characters. Make one with"
            " `python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        ),
    ),
    "a path": (
        {"PORTAL_URL": "https://example.org/portal"},
        "PORTAL_URL is more than an origin. Leave out everything after the host.",
    ),
    "no web address": (
        {"OIDC_ISSUER": "eu-west-2_AbCdEfGhI"},
        (
            "OIDC_ISSUER is 'eu-west-2_AbCdEfGhI', not a web address. Set it to"
            " https://cognito-idp.<region>.amazonaws.com/<user pool id>."
        ),
    ),
    "no address of a portal": (
        {"PORTAL_URL": "portal.example.org"},
        (
            "PORTAL_URL is 'portal.example.org', not a web address. Set it to"
            " https://portal.example.org."
        ),
    ),
    "no environment": (
        {"PORTAL_ENVIRONMENT": "test"},
        "PORTAL_ENVIRONMENT is 'test'. Set it to one of: production, development.",
    ),
    "no provider": (
        {"OIDC_PROVIDER": "okta"},
        "OIDC_PROVIDER is 'okta'. Set it to one of: cognito, standard.",
    ),
    "no role": (
        {"OIDC_GROUP_ROLES": "Doctors=doctor,Root=system"},
        (
            "OIDC_GROUP_ROLES holds 'Root=system'. Write group=role, where role is one of:"
            " administrator, doctor, nurse, reception."
        ),
    ),
    "a limit that would sign people out at once": (
        {"STAFF_IDLE_MINUTES": "1"},
        "STAFF_IDLE_MINUTES is '1'. Set it to a whole number of at least 3, such as 15.",
    ),
    "no number": (
        {"HOLD_MINUTES": "five"},
        "HOLD_MINUTES is 'five'. Set it to a whole number, such as 5.",
    ),
    "no region": (
        {"HOSPITAL_REGION": "GB-XYZ"},
        "HOSPITAL_REGION is 'GB-XYZ'. Set it to an ISO 3166 code, such as GB-ENG.",
    ),
    "no locale": (
        {"HOSPITAL_LOCALE": "Klingon"},
        "HOSPITAL_LOCALE is 'Klingon'. Set it to a locale, such as en_GB.",
    ),
    "no emergency number": (
        {"HOSPITAL_EMERGENCY_NUMBER": "call us"},
        "HOSPITAL_EMERGENCY_NUMBER is 'call us'. Set it to digits, such as 999.",
    ),
    "no zone": (
        {"HOSPITAL_TIMEZONE": "Europe/Atlantis"},
        "HOSPITAL_TIMEZONE is 'Europe/Atlantis'. Set it to an IANA zone, such as Europe/London.",
    ),
    "SMTP without a server": (
        {"MAIL_TRANSPORT": "smtp"},
        "SMTP_URL is not set. Set it to smtp://user:password@host:587.",
    ),
}


@pytest.mark.parametrize(("changes", "fault"), UNSAFE.values(), ids=UNSAFE)
def test_production_refuses(changes: dict[str, str], fault: str) -> None:
    assert faults({**PRODUCTION, **changes}) == [fault]


@pytest.mark.parametrize(
    "issuer",
    [
        "http://127.0.0.1:8001/local_MediCareHub",
        "https://127.0.0.1:8001/local_MediCareHub",
        "https://127.3.2.1/pool",
        "https://[::1]:8001/pool",
        "https://localhost:8001/pool",
    ],
)
def test_production_refuses_the_development_sign_in(issuer: str) -> None:
    fault = next(
        one for one in faults({**PRODUCTION, "OIDC_ISSUER": issuer}) if "OIDC_ISSUER" in one
    )

    assert "development sign-in" in fault


def test_a_short_secret_is_refused_in_development_too() -> None:
    assert len(faults({**DEVELOPMENT, "SECRET_KEY": "short"})) == 1
