"""A person's authenticator app at Amazon Cognito: whether there is one, setting it up, turning it off.

The portal's credentials are enough to see whether there is one. Changing it needs the person's own access
token with the scope `SCOPE`.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from portal.accounts.cognito import asking, client_for
from portal.errors import PortalError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

SCOPE = "aws.cognito.signin.user.admin"
SOFTWARE_TOKEN = "SOFTWARE_TOKEN_MFA"  # noqa: S105 (Cognito's word)


class WrongCode(PortalError):
    """The code is not the one that the app shows now."""


class SetUpOver(PortalError):
    """The access token has expired, or no key was requested. Start again."""


_MEANINGS = {
    "CodeMismatchException": WrongCode,
    "EnableSoftwareTokenMFAException": WrongCode,
    "NotAuthorizedException": SetUpOver,
    "SoftwareTokenMFANotFoundException": SetUpOver,
}


class SoftwareTokens:
    """The authenticator apps of one user pool. Every method raises `Unavailable` while Cognito is away."""

    def __init__(self, pool_id: str, endpoint: str | None) -> None:
        self._pool_id = pool_id
        self._endpoint = endpoint

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        return client_for(self._pool_id, self._endpoint)

    def is_set_up(self, username: str) -> bool:
        """Whether sign-in asks this person for a code."""
        with asking({}):
            user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=username)
        return SOFTWARE_TOKEN in user.get("UserMFASettingList", [])

    def new_key(self, access_token: str) -> str:
        """The key for a new app, in Base32. The current app keeps working until the new one is
        `confirmed`.
        """
        with asking(_MEANINGS):
            answer = self._client.associate_software_token(AccessToken=access_token)
        return answer["SecretCode"]

    def confirm(self, access_token: str, code: str) -> None:
        """Makes sign-in ask for the new app's codes from now on. Raises `WrongCode`."""
        with asking(_MEANINGS):
            answer = self._client.verify_software_token(AccessToken=access_token, UserCode=code)
            if answer["Status"] != "SUCCESS":
                raise WrongCode
            self._set(access_token, wanted=True)

    def turn_off(self, access_token: str) -> None:
        with asking(_MEANINGS):
            self._set(access_token, wanted=False)

    def _set(self, access_token: str, *, wanted: bool) -> None:
        self._client.set_user_mfa_preference(
            AccessToken=access_token,
            SoftwareTokenMfaSettings={"Enabled": wanted, "PreferredMfa": wanted},
        )
