"""ListUsers through boto3: one condition, and pages."""

import pytest
from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

from portal.development.cognito.people import AMINA_OKAFOR, NAMED_PEOPLE
from tests.development.cognito.identity import attributes, create


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ('email = "priya.raman@example.org"', ["Priya Raman"]),
        ('family_name ^= "O"', ["Amina Okafor"]),
        (f'sub = "{AMINA_OKAFOR.sub}"', ["Amina Okafor"]),
        (f'username="{AMINA_OKAFOR.sub}"', ["Amina Okafor"]),
        ('name = "Zieli\\"ski"', []),
        ('status = "Disabled"', []),
        ('cognito:user_status = "FORCE_CHANGE_PASSWORD"', ["Nadia Petrova"]),
    ],
)
def test_accounts_are_found_by_one_condition(
    identity: CognitoIdentityProviderClient, pool: str, condition: str, found: list[str]
) -> None:
    create(identity, pool)
    users = identity.list_users(UserPoolId=pool, Filter=condition)["Users"]
    assert [attributes(user)["name"] for user in users] == found


@pytest.mark.parametrize("condition", ['email "x"', 'favourite = "green"', "email = x", "="])
def test_a_condition_that_cannot_be_read_is_refused(
    identity: CognitoIdentityProviderClient, pool: str, condition: str
) -> None:
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.list_users(UserPoolId=pool, Filter=condition)


def test_accounts_come_in_pages(identity: CognitoIdentityProviderClient, pool: str) -> None:
    pages = identity.get_paginator("list_users").paginate(
        UserPoolId=pool, AttributesToGet=["email"], PaginationConfig={"PageSize": 3}
    )
    sizes, emails = [], []
    for page in pages:
        sizes.append(len(page["Users"]))
        for user in page["Users"]:
            assert attributes(user).keys() == {"email"}
            emails.append(attributes(user)["email"])
    assert sizes == [3, 3, 2]
    assert emails == [person.email for person in NAMED_PEOPLE]
    with pytest.raises(identity.exceptions.InvalidParameterException):
        identity.list_users(UserPoolId=pool, PaginationToken="guessed")
