"""The administrators' API, used through boto3."""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from portal.development.cognito.people import AMINA_OKAFOR, NAMED_PEOPLE, PRIYA_RAMAN
from portal.development.cognito.settings import DevelopmentCognitoSettings
from tests.development.cognito.identity import NEW, attributes, create
from tests.development.cognito.provider import Clock, PlainClient

SERVICE = "AWSCognitoIdentityProviderService"


def test_a_member_of_staff_who_was_created_signs_in_with_their_group(
    caller: PlainClient, identity: CognitoIdentityProviderClient, pool: str, clock: Clock
) -> None:
    user = create(identity, pool)
    assert user["Username"] == attributes(user)["sub"]
    assert (user["Enabled"], user["UserStatus"]) == (True, "FORCE_CHANGE_PASSWORD")
    assert user["UserCreateDate"].timestamp() == clock.second
    identity.admin_add_user_to_group(UserPoolId=pool, Username=NEW, GroupName="doctor")
    assert "Nadia Petrova — doctor" in caller.get("/login", caller.question()).text

    code = caller.answer(caller.choose(user["Username"]))["code"]
    claims = caller.claims_of(caller.exchange(code).json()["id_token"])
    assert claims["sub"] == claims["cognito:username"] == user["Username"]
    assert (claims["email"], claims["email_verified"]) == (NEW, True)
    assert claims["name"] == "Nadia Petrova"
    assert claims["cognito:groups"] == ["doctor"]
    found = identity.admin_get_user(UserPoolId=pool, Username=NEW)
    assert found["UserStatus"] == "CONFIRMED"


@pytest.mark.parametrize("username", [NEW, "New.Doctor@Example.org"])
def test_an_account_is_found_by_its_email_in_any_case(
    identity: CognitoIdentityProviderClient, pool: str, username: str
) -> None:
    user = create(identity, pool)
    found = identity.admin_get_user(UserPoolId=pool, Username=username)
    assert found["Username"] == user["Username"]
    assert attributes(found)["email"] == NEW


@pytest.mark.parametrize("email", [NEW, NEW.upper(), AMINA_OKAFOR.email])
def test_an_email_address_is_taken_once(
    identity: CognitoIdentityProviderClient, pool: str, email: str
) -> None:
    create(identity, pool)
    with pytest.raises(identity.exceptions.UsernameExistsException):
        create(identity, pool, email)
    assert len(identity.list_users(UserPoolId=pool)["Users"]) == len(NAMED_PEOPLE) + 1


def test_an_invitation_is_sent_again_only_to_an_existing_account(
    identity: CognitoIdentityProviderClient, pool: str
) -> None:
    user = create(identity, pool)
    again = identity.admin_create_user(UserPoolId=pool, Username=NEW, MessageAction="RESEND")
    assert again["User"]["Username"] == user["Username"]
    with pytest.raises(identity.exceptions.UserNotFoundException):
        identity.admin_create_user(
            UserPoolId=pool, Username="nobody@example.org", MessageAction="RESEND"
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"Username": "no-address"},
        {"UserAttributes": [{"Name": "favourite_colour", "Value": "green"}]},
        {"UserAttributes": [{"Name": "sub", "Value": AMINA_OKAFOR.sub}]},
    ],
)
def test_an_account_needs_an_address_and_known_attributes(
    identity: CognitoIdentityProviderClient, pool: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.admin_create_user(**{"UserPoolId": pool, "Username": NEW, **changes})
    assert len(identity.list_users(UserPoolId=pool)["Users"]) == len(NAMED_PEOPLE)


def test_groups_are_given_and_taken(identity: CognitoIdentityProviderClient, pool: str) -> None:
    who: Any = {"UserPoolId": pool, "Username": PRIYA_RAMAN.email}

    def groups() -> list[str]:
        found = identity.admin_list_groups_for_user(**who)["Groups"]
        assert all(group["UserPoolId"] == pool for group in found)
        return [group["GroupName"] for group in found]

    assert groups() == ["doctor"]
    for _ in range(2):
        identity.admin_add_user_to_group(**who, GroupName="administrator")
        assert groups() == ["administrator", "doctor"]
    identity.admin_remove_user_from_group(**who, GroupName="doctor")
    assert groups() == ["administrator"]
    with pytest.raises(identity.exceptions.ResourceNotFoundException):
        identity.admin_add_user_to_group(**who, GroupName="wizard")


def test_a_disabled_account_cannot_sign_in_until_it_is_enabled(
    caller: PlainClient, identity: CognitoIdentityProviderClient, pool: str
) -> None:
    code = caller.code_for(PRIYA_RAMAN)
    access_token = caller.exchange(code).json()["access_token"]
    unspent = caller.answer(caller.authorize())["code"]

    identity.admin_disable_user(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    assert caller.user_info(access_token).status_code == 401
    assert caller.exchange(unspent).json()["error"] == "invalid_grant"
    assert urlsplit(caller.authorize().headers["Location"]).path == "/login"
    page = caller.choose(PRIYA_RAMAN.sub)
    assert page.status_code == 400
    assert "Priya Raman is disabled and cannot sign in." in page.text
    assert "Sign in as Priya Raman" not in page.text

    identity.admin_enable_user(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    assert caller.code_for(PRIYA_RAMAN, prompt="login")


def test_a_global_sign_out_revokes_tokens_and_leaves_the_hosted_session(
    caller: PlainClient, identity: CognitoIdentityProviderClient, pool: str
) -> None:
    tokens = caller.exchange(caller.code_for(PRIYA_RAMAN)).json()
    identity.admin_user_global_sign_out(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    assert caller.user_info(tokens["access_token"]).status_code == 401
    assert "code" in caller.answer(caller.authorize())


def test_a_password_is_reset_when_there_is_one_and_a_way_to_tell(
    caller: PlainClient, identity: CognitoIdentityProviderClient, pool: str
) -> None:
    identity.admin_reset_user_password(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    found = identity.admin_get_user(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    assert found["UserStatus"] == "RESET_REQUIRED"
    caller.code_for(PRIYA_RAMAN)
    found = identity.admin_get_user(UserPoolId=pool, Username=PRIYA_RAMAN.sub)
    assert found["UserStatus"] == "CONFIRMED"

    create(identity, pool)
    with pytest.raises(identity.exceptions.NotAuthorizedException):
        identity.admin_reset_user_password(UserPoolId=pool, Username=NEW)

    silent = identity.admin_create_user(UserPoolId=pool, Username="silent@example.org")["User"]
    caller.browser.cookies.clear()
    caller.choose(silent["Username"])
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.admin_reset_user_password(UserPoolId=pool, Username=silent["Username"])


def test_unknown_people_and_pools_are_refused_by_their_names(
    identity: CognitoIdentityProviderClient, pool: str
) -> None:
    for operation in (
        identity.admin_get_user,
        identity.admin_disable_user,
        identity.admin_enable_user,
        identity.admin_reset_user_password,
        identity.admin_user_global_sign_out,
        identity.admin_list_groups_for_user,
    ):
        with pytest.raises(identity.exceptions.UserNotFoundException):
            operation(UserPoolId=pool, Username="nobody@example.org")
    with pytest.raises(identity.exceptions.ResourceNotFoundException):
        identity.list_users(UserPoolId="eu-west-2_Other1234")


@pytest.mark.parametrize(
    ("body", "headers", "type_"),
    [
        ("{}", {"Authorization": ""}, "MissingAuthenticationTokenException"),
        ("{}", {"X-Amz-Target": f"{SERVICE}.DeleteUserPool"}, "UnknownOperationException"),
        ("{}", {"X-Amz-Target": ""}, "UnknownOperationException"),
        ("not json", {}, "InvalidParameterException"),
        ("[]", {}, "InvalidParameterException"),
        ("{}", {}, "InvalidParameterException"),
        ('{"UserPoolId": 1}', {}, "InvalidParameterException"),
        ('{"UserPoolId": "POOL", "Filter": 7}', {}, "InvalidParameterException"),
        ('{"UserPoolId": "POOL", "AttributesToGet": 7}', {}, "InvalidParameterException"),
        ('{"UserPoolId": "POOL", "Limit": 61}', {}, "InvalidParameterException"),
        ('{"UserPoolId": "POOL", "Limit": "many"}', {}, "InvalidParameterException"),
    ],
)
def test_requests_that_boto3_would_never_send_are_refused_too(
    provider: DevelopmentCognitoSettings, body: str, headers: dict[str, str], type_: str
) -> None:
    refused = requests.post(
        provider.domain,
        data=body.replace("POOL", provider.pool_id),
        headers={
            "Authorization": "AWS4-HMAC-SHA256 Credential=x",
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{SERVICE}.ListUsers",
            **headers,
        },
        timeout=10,
    )
    assert (refused.status_code, refused.json()["__type"]) == (400, type_)
