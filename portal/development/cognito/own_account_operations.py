"""The operations of the `cognito-idp` API on one's own account, by one's own access token.

As in Cognito they need no signature, but a token with the scope `ADMIN_SCOPE`.
"""

import re
from collections.abc import Callable
from typing import Any

from portal.development.cognito import one_time_codes
from portal.development.cognito.accounts import Account
from portal.development.cognito.claims import ADMIN_SCOPE
from portal.development.cognito.identity_errors import (
    EnableSoftwareTokenMFAException,
    InvalidParameterException,
    NotAuthorizedException,
    SoftwareTokenMFANotFoundException,
)
from portal.development.cognito.identity_shapes import second_step_shape, text, user_shape
from portal.development.cognito.pool import UserPool

Json = dict[str, Any]


def associate_software_token(pool: UserPool, asked: Json) -> Json:
    key = pool.offered_keys[_own(pool, asked).sub] = one_time_codes.new_key()
    return {"SecretCode": key}


def verify_software_token(pool: UserPool, asked: Json) -> Json:
    account, code = _own(pool, asked), text(asked, "UserCode")
    key = pool.offered_keys.get(account.sub)
    if key is None:
        raise SoftwareTokenMFANotFoundException("There is no software token to verify.")
    if not re.fullmatch("[0-9]{6}", code):
        raise InvalidParameterException("UserCode is not six digits.")
    if not one_time_codes.fits(key, code, pool.settings.now()):
        raise EnableSoftwareTokenMFAException("Code mismatch")
    pool.accounts.set_software_token(account.sub, key)
    return {"Status": "SUCCESS"}


def set_user_mfa_preference(pool: UserPool, asked: Json) -> Json:
    account = _own(pool, asked)
    wanted = (asked.get("SoftwareTokenMfaSettings") or {}).get("Enabled") is True
    if wanted and account.software_token is None:
        raise InvalidParameterException("User has not verified software token mfa")
    pool.accounts.set_second_step(account.sub, wanted=wanted)
    return {}


def get_own_user(pool: UserPool, asked: Json) -> Json:
    account = _own(pool, asked)
    shape = user_shape(account)
    return {
        "Username": shape["Username"],
        "UserAttributes": shape["Attributes"],
        **second_step_shape(account),
    }


OWN_OPERATIONS: dict[str, Callable[[UserPool, Json], Json]] = {
    "AssociateSoftwareToken": associate_software_token,
    "VerifySoftwareToken": verify_software_token,
    "SetUserMFAPreference": set_user_mfa_preference,
    "GetUser": get_own_user,
}


def _own(pool: UserPool, asked: Json) -> Account:
    token = pool.issued.token(text(asked, "AccessToken"))
    account = pool.accounts.find(token.sub) if token and not token.is_expired() else None
    if token is None or account is None or not account.enabled:
        raise NotAuthorizedException("Invalid Access Token")
    if ADMIN_SCOPE not in token.scope.split():
        raise NotAuthorizedException("Access Token does not have required scopes")
    return account
