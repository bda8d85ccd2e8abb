"""The staff's accounts at Amazon Cognito, through its administrators' API (`cognito-idp`).

Nothing here is part of a database transaction. Every call may be repeated, so a retry completes what a crash
interrupted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

from portal.access import Role
from portal.accounts.cognito import asking, client_for
from portal.administration.staff.rules import group_of
from portal.errors import Refused

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

UNKNOWN = "The sign-in service does not know this person any more."
REFUSED = "The sign-in service does not accept this."

INVITED = "FORCE_CHANGE_PASSWORD"
HAS_PASSWORD = frozenset({"CONFIRMED", "RESET_REQUIRED"})


class UnknownUser(Refused):
    """No user of the pool has this username."""


class UserExists(Exception):
    """A user of the pool already has this email address."""


_MEANINGS: Mapping[str, Callable[[], Exception]] = {
    "UsernameExistsException": UserExists,
    "UserNotFoundException": partial(UnknownUser, UNKNOWN),
    **dict.fromkeys(
        (
            "CodeDeliveryFailureException",
            "InvalidParameterException",
            "NotAuthorizedException",
            "UnsupportedUserStateException",
            "UserLambdaValidationException",
        ),
        partial(Refused, REFUSED),
    ),
}


@dataclass(frozen=True, slots=True)
class PoolUser:
    """A person as Cognito knows them; `status` is one of Cognito's words."""

    username: str
    subject: str
    status: str
    enabled: bool
    email_verified: bool


class UserPool:
    """One user pool. Each method raises `Unavailable` while Cognito is away, `Refused` when it refuses."""

    def __init__(self, pool_id: str, endpoint: str | None) -> None:
        self._pool_id = pool_id
        self._endpoint = endpoint

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        return client_for(self._pool_id, self._endpoint)

    def invite(self, email: str, name: str) -> PoolUser:
        """Makes an account and has Cognito send the invitation. Raises `UserExists`."""
        with asking(_MEANINGS):
            answer = self._client.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                UserAttributes=[
                    {"Name": "email", "Value": email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": name},
                ],
                DesiredDeliveryMediums=["EMAIL"],
            )
        user = answer["User"]
        return _pool_user(
            user["Username"], user["UserStatus"], user["Enabled"], user.get("Attributes", [])
        )

    def invite_again(self, email: str) -> None:
        """Sends the invitation again, with a new password that is valid for as long as the first."""
        with asking(_MEANINGS):
            self._client.admin_create_user(
                UserPoolId=self._pool_id,
                Username=email,
                MessageAction="RESEND",
                DesiredDeliveryMediums=["EMAIL"],
            )

    def find(self, username: str) -> PoolUser:
        """The person with this username or email address."""
        with asking(_MEANINGS):
            user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=username)
        return _pool_user(
            user["Username"], user["UserStatus"], user["Enabled"], user.get("UserAttributes", [])
        )

    def set_roles(
        self, username: str, roles: frozenset[Role], role_of_group: Mapping[str, Role]
    ) -> None:
        """Puts the person into the groups of exactly these roles; other groups stay as they are."""
        with asking(_MEANINGS):
            pages = self._client.get_paginator("admin_list_groups_for_user").paginate(
                UserPoolId=self._pool_id, Username=username
            )
            groups = {group["GroupName"] for page in pages for group in page["Groups"]}
            present = {group: role_of_group[group] for group in groups if group in role_of_group}
            # Remove first: an interruption must not leave anybody with too many roles.
            for group in sorted(group for group, role in present.items() if role not in roles):
                self._client.admin_remove_user_from_group(
                    UserPoolId=self._pool_id, Username=username, GroupName=group
                )
            for role in sorted(roles - set(present.values()), key=lambda role: role.value):
                self._client.admin_add_user_to_group(
                    UserPoolId=self._pool_id,
                    Username=username,
                    GroupName=group_of(role, role_of_group),
                )

    def disable(self, username: str) -> None:
        with asking(_MEANINGS):
            self._client.admin_disable_user(UserPoolId=self._pool_id, Username=username)
        self.sign_out_everywhere(username)

    def enable(self, username: str) -> None:
        with asking(_MEANINGS):
            self._client.admin_enable_user(UserPoolId=self._pool_id, Username=username)

    def sign_out_everywhere(self, username: str) -> None:
        """Ends Cognito's own sessions. The portal's sessions are rows in its database."""
        with asking(_MEANINGS):
            self._client.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=username)

    def reset_password(self, username: str) -> None:
        """The old password stops working. Cognito sends a code for choosing a new one."""
        with asking(_MEANINGS):
            self._client.admin_reset_user_password(UserPoolId=self._pool_id, Username=username)


def _pool_user(
    username: str, status: str, enabled: bool, attributes: "list[AttributeTypeTypeDef]"
) -> PoolUser:
    known = {one["Name"]: one.get("Value", "") for one in attributes}
    return PoolUser(
        username=username,
        subject=known.get("sub", ""),
        status=status,
        enabled=enabled,
        email_verified=known.get("email_verified") == "true",
    )
