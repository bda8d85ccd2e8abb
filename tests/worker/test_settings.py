"""The worker's settings, and those with which it refuses to start."""

import pytest

from portal.errors import ConfigurationError
from portal.settings.configuration import Settings
from tests.settings import ENVIRONMENT, settings_for

POOL = {"COGNITO_USER_POOL_ID": "eu-west-2_Example"}
ENDPOINT = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
PRODUCTION = {
    **ENVIRONMENT,
    "PORTAL_ENVIRONMENT": "production",
    "DATABASE_URL": "mysql+pymysql://portal:secret@database.example/portal",
    "PORTAL_URL": "https://portal.example",
    "OIDC_ISSUER": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Example",
    "OIDC_PROVIDER": "cognito",
    "MAIL_TRANSPORT": "ses",
    "DATABASE_CA": "/etc/database-authorities.pem",
    **POOL,
}


@pytest.mark.parametrize("sender", ["a@hospital.example", "St Bride's <a@hospital.example>"])
def test_an_address_may_have_a_name(sender: str) -> None:
    assert settings_for("sqlite://", MAIL_FROM=sender).mail.sender == sender


@pytest.mark.parametrize("sender", ["hospital", "@hospital.example", "a@", "St Bride's <>"])
def test_a_malformed_sender_is_refused(sender: str) -> None:
    with pytest.raises(ConfigurationError, match="MAIL_FROM"):
        settings_for("sqlite://", MAIL_FROM=sender)


@pytest.mark.parametrize(
    "url", ["smtp://127.0.0.1:1025", "smtps://u:p%2Fw@mail.example:465", "smtp://mail.example"]
)
def test_an_smtp_address_is_read(url: str) -> None:
    settings = settings_for("sqlite://", MAIL_TRANSPORT="smtp", SMTP_URL=url)

    assert settings.mail.smtp_url == url


@pytest.mark.parametrize(
    "url",
    ["", "mail.example", "http://mail.example", "smtp://", "smtp://u:pa/ss@mail.example:x"],
)
def test_a_malformed_smtp_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ConfigurationError, match="SMTP_URL") as fault:
        settings_for("sqlite://", MAIL_TRANSPORT="smtp", SMTP_URL=url)

    assert "pa/ss" not in str(fault.value)


def test_staff_of_a_development_sign_in_are_not_made_at_amazon() -> None:
    with pytest.raises(ConfigurationError, match=ENDPOINT):
        settings_for("sqlite://", **POOL)

    settings = settings_for("sqlite://", **POOL, **{ENDPOINT: "http://127.0.0.1:8001"})
    assert settings.user_pool_endpoint == "http://127.0.0.1:8001"


def test_production_makes_staff_at_amazon() -> None:
    assert Settings.from_environment(PRODUCTION).user_pool_endpoint is None

    with pytest.raises(ConfigurationError, match=ENDPOINT):
        Settings.from_environment({**PRODUCTION, ENDPOINT: "http://127.0.0.1:8001"})
