"""Where people sign in, as the portal needs it."""

from typing import Any

import pytest

from portal.access import STAFF, Role
from portal.administration.staff.user_pool import UserPool
from tests.infrastructure.account import CREDENTIALS, Account

PREFIX = "medicare-hub-production"
PORTAL = "https://portal.settings.hospital.example"


@pytest.fixture
def pool(account: Account) -> dict[str, Any]:
    pools = account.all("cognito-idp", "list_user_pools", "UserPools", MaxResults=60)
    pool_id = next(pool["Id"] for pool in pools if pool["Name"] == PREFIX)
    return account.client("cognito-idp").describe_user_pool(UserPoolId=pool_id)["UserPool"]


@pytest.fixture
def client(account: Account, pool: dict[str, Any]) -> dict[str, Any]:
    cognito = account.client("cognito-idp")
    (listed,) = cognito.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
    return cognito.describe_user_pool_client(UserPoolId=pool["Id"], ClientId=listed["ClientId"])[
        "UserPoolClient"
    ]


def test_everybody_can_have_an_authenticator_app(account: Account, pool: dict[str, Any]) -> None:
    found = account.client("cognito-idp").get_user_pool_mfa_config(UserPoolId=pool["Id"])
    assert found["MfaConfiguration"] == "OPTIONAL"
    assert found["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
    assert not found.get("SmsMfaConfiguration")


def test_passwords_are_strong_and_watched(account: Account, pool: dict[str, Any]) -> None:
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 14
    assert all(
        policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols")
    )
    assert pool["UserPoolTier"] == "PLUS"
    assert pool["UserPoolAddOns"] == {"AdvancedSecurityMode": "ENFORCED"}
    risks = account.client("cognito-idp").describe_risk_configuration(UserPoolId=pool["Id"])
    compromised = risks["RiskConfiguration"]["CompromisedCredentialsRiskConfiguration"]
    assert compromised["Actions"] == {"EventAction": "BLOCK"}


def test_an_unusual_place_does_not_lock_out_people_without_an_app(
    account: Account, pool: dict[str, Any]
) -> None:
    risks = account.client("cognito-idp").describe_risk_configuration(UserPoolId=pool["Id"])
    takeover = risks["RiskConfiguration"]["AccountTakeoverRiskConfiguration"]["Actions"]
    assert takeover["MediumAction"]["EventAction"] == "MFA_IF_CONFIGURED"
    assert takeover["HighAction"]["EventAction"] == "BLOCK"


def test_people_can_set_up_their_app_in_the_portal(client: dict[str, Any]) -> None:
    assert "aws.cognito.signin.user.admin" in client["AllowedOAuthScopes"]


def test_the_pool_can_not_be_deleted_by_mistake(account: Account, pool: dict[str, Any]) -> None:
    cognito = account.client("cognito-idp")
    with pytest.raises(cognito.exceptions.InvalidParameterException, match="protected"):
        cognito.delete_user_pool(UserPoolId=pool["Id"])


def test_the_client_returns_only_to_the_portal(client: dict[str, Any]) -> None:
    assert client["ClientSecret"]
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == [f"{PORTAL}/sign-in/callback"]
    assert client["LogoutURLs"] == [f"{PORTAL}/signed-out"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_mails_have_the_placeholders_that_cognito_fills(pool: dict[str, Any]) -> None:
    invitation = pool["AdminCreateUserConfig"]["InviteMessageTemplate"]["EmailMessage"]
    assert "{username}" in invitation
    assert "{####}" in invitation
    assert PORTAL in invitation
    assert "{####}" in pool["VerificationMessageTemplate"]["EmailMessage"]


def test_there_is_a_sign_in_page(account: Account, pool: dict[str, Any]) -> None:
    domain = account.client("cognito-idp").describe_user_pool_domain(Domain=pool["Domain"])
    assert domain["DomainDescription"]["UserPoolId"] == pool["Id"]


def test_its_pages_can_be_told_to_ask_for_the_password_again(
    account: Account, pool: dict[str, Any], client: dict[str, Any]
) -> None:
    """The classic hosted UI ignores `prompt`, and a client without a style has no managed login."""
    cognito = account.client("cognito-idp")
    domain = cognito.describe_user_pool_domain(Domain=pool["Domain"])["DomainDescription"]
    assert domain["ManagedLoginVersion"] == 2
    style = cognito.describe_managed_login_branding_by_client(
        UserPoolId=pool["Id"], ClientId=client["ClientId"]
    )
    assert style["ManagedLoginBranding"]["UseCognitoProvidedValues"]


def test_the_portal_can_invite_into_the_pool(
    account: Account, pool: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    users = UserPool(pool["Id"], account.url)
    invited = users.invite("nora@hospital.example", "Nora Nurse")
    users.set_roles(invited.username, STAFF, {role.value: role for role in STAFF})
    groups = account.all(
        "cognito-idp",
        "admin_list_groups_for_user",
        "Groups",
        UserPoolId=pool["Id"],
        Username=invited.username,
    )
    assert {Role(group["GroupName"]) for group in groups} == STAFF
    assert users.find("nora@hospital.example").subject == invited.subject
