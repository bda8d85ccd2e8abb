"""Accounts and groups in the JSON shapes of the `cognito-idp` API; times are seconds since 1970."""

from typing import Any

from portal.development.cognito.accounts import BEGINNING, Account
from portal.development.cognito.identity_errors import InvalidParameterException
from portal.development.cognito.people import GROUPS

Json = dict[str, Any]
WRITABLE = {"email", "email_verified", "name", "given_name", "family_name", "phone_number"}


def user_shape(account: Account, only: list[str] | None = None) -> Json:
    """A `UserType`; `only` names the attributes to show, all when None."""
    return {
        "Username": account.username,
        "Attributes": [
            {"Name": name, "Value": value}
            for name, value in account.attributes.items()
            if only is None or name in only
        ],
        "UserCreateDate": account.created,
        "UserLastModifiedDate": account.modified,
        "Enabled": account.enabled,
        "UserStatus": account.status,
    }


def second_step_shape(account: Account) -> Json:
    """As in Cognito, the field is missing for somebody without one."""
    if not account.second_step:
        return {}
    return {
        "UserMFASettingList": ["SOFTWARE_TOKEN_MFA"],
        "PreferredMfaSetting": "SOFTWARE_TOKEN_MFA",
    }


def group_shape(pool_id: str, group: str) -> Json:
    return {
        "GroupName": group,
        "UserPoolId": pool_id,
        "Description": GROUPS[group],
        "CreationDate": BEGINNING,
        "LastModifiedDate": BEGINNING,
    }


def text(asked: Json, name: str) -> str:
    """A required string parameter."""
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidParameterException(f"Missing or invalid parameter {name}.")
    return value


def attributes_in(asked: Json) -> dict[str, str]:
    """The `UserAttributes` of a request. The pool knows a few of the standard ones."""
    given = asked.get("UserAttributes") or []
    try:
        attributes = {str(pair["Name"]): str(pair.get("Value", "")) for pair in given}
    except (TypeError, KeyError, AttributeError):
        raise InvalidParameterException("UserAttributes is not a list of attributes.") from None
    unknown = sorted(attributes.keys() - WRITABLE)
    if unknown:
        raise InvalidParameterException(
            f"Attributes did not conform to the schema: {unknown[0]}: Attribute does not exist "
            "in the schema."
        )
    return attributes
