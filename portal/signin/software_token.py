"""A person's authenticator app at Amazon Cognito: whether there is one, setting it up, turning it off.

Whether there is one, Cognito tells the portal itself. To change it takes the person's own access
token, with the scope `SCOPE`; nothing that the portal holds would do.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.errors import PortalError, Unavailable

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient

log = logging.getLogger("portal.signin")

SCOPE = "aws.cognito.signin.user.admin"
SOFTWARE_TOKEN = "SOFTWARE_TOKEN_MFA"  # noqa: S105 (Cognito's word)
CONFIG = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
)
AWAY = "The sign-in service does not answer at the moment. Please try again in a minute."

_WRONG_CODE = frozenset({"CodeMismatchException", "EnableSoftwareTokenMFAException"})
_OVER = frozenset({"NotAuthorizedException", "SoftwareTokenMFANotFoundException"})


class WrongCode(PortalError):
    """The code is not the one that the app shows now."""


class SetUpOver(PortalError):
    """The access token is good no more, or the key was never asked for: one has to begin again."""


class SoftwareTokens:
    """The authenticator apps of one user pool. Every method raises `Unavailable` while it is away."""

    def __init__(self, pool_id: str, endpoint: str | None) -> None:
        self._pool_id = pool_id
        self._endpoint = endpoint

    @cached_property
    def _client(self) -> "CognitoIdentityProviderClient":
        # A session of its own: boto3's default one is not for several threads.
        return Session().client(
            "cognito-idp",
            region_name=self._pool_id.partition("_")[0],
            endpoint_url=self._endpoint,
            config=CONFIG,
        )

    def is_set_up(self, username: str) -> bool:
        """Whether sign-in asks this person for a code."""
        try:
            with _asking():
                user = self._client.admin_get_user(UserPoolId=self._pool_id, Username=username)
        except SetUpOver:
            raise Unavailable(AWAY) from None
        return SOFTWARE_TOKEN in user.get("UserMFASettingList", [])

    def new_key(self, access_token: str) -> str:
        """The key for a new app, in Base32. The present app stays good until the new one is `confirmed`."""
        with _asking():
            answer = self._client.associate_software_token(AccessToken=access_token)
        return answer["SecretCode"]

    def confirm(self, access_token: str, code: str) -> None:
        """Has sign-in ask for the new app's codes from now on. Raises `WrongCode`."""
        with _asking():
            answer = self._client.verify_software_token(AccessToken=access_token, UserCode=code)
            if answer["Status"] != "SUCCESS":
                raise WrongCode
            self._set(access_token, wanted=True)

    def turn_off(self, access_token: str) -> None:
        with _asking():
            self._set(access_token, wanted=False)

    def _set(self, access_token: str, *, wanted: bool) -> None:
        self._client.set_user_mfa_preference(
            AccessToken=access_token,
            SoftwareTokenMfaSettings={"Enabled": wanted, "PreferredMfa": wanted},
        )


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except ClientError as fault:
        code = fault.response["Error"]["Code"]
        if code in _WRONG_CODE:
            raise WrongCode from None
        log.warning("Cognito: %s at %s", code, fault.operation_name)
        if code in _OVER:
            raise SetUpOver from None
        raise Unavailable(AWAY) from None
    except BotoCoreError as fault:
        log.warning("Cognito: %s", type(fault).__name__)
        raise Unavailable(AWAY) from None
