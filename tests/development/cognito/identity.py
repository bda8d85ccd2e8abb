"""A new account from the administrators' API, and its attributes."""

from collections.abc import Mapping
from typing import Any

from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

NEW = "new.doctor@example.org"


def create(
    identity: CognitoIdentityProviderClient,
    pool: str,
    email: str = NEW,
    name: str = "Nadia Petrova",
) -> Any:
    return identity.admin_create_user(
        UserPoolId=pool,
        Username=email,
        UserAttributes=[
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
            {"Name": "name", "Value": name},
        ],
        DesiredDeliveryMediums=["EMAIL"],
    )["User"]


def attributes(user: Mapping[str, Any]) -> dict[str, str]:
    pairs = user.get("Attributes") or user["UserAttributes"]
    return {pair["Name"]: pair["Value"] for pair in pairs}
