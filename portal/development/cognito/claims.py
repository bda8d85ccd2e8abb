"""What Cognito says in its tokens, claim by claim.

Source: "Understanding user pool JSON web tokens (JWTs)" in the Amazon Cognito developer guide.
"""

import uuid
from typing import Any

from joserfc import jwt

from portal.development.cognito.accounts import Account
from portal.development.cognito.pool import UserPool
from portal.development.cognito.sign_ins import SignIn

ALGORITHM = "RS256"
ADMIN_SCOPE = "aws.cognito.signin.user.admin"
"""Allows the operations on one's own account. Discovery does not list it, nor does Cognito's."""
SCOPES = {
    "openid": (),
    "email": ("email", "email_verified"),
    "profile": ("name", "given_name", "family_name"),
}


def user_attributes(account: Account, scope: str) -> dict[str, str]:
    """The account's attributes that `scope` gives access to, as strings, as in Cognito."""
    wanted = [name for granted in scope.split() for name in SCOPES.get(granted, ())]
    return {name: account.attributes[name] for name in wanted if name in account.attributes}


def id_token_user_claims(account: Account, sign_in: SignIn, scope: str) -> dict[str, Any]:
    """The claims of an ID token that depend on the person."""
    claims: dict[str, Any] = {
        "sub": account.sub,
        "cognito:username": account.username,
        **user_attributes(account, scope),
        "origin_jti": sign_in.origin_jti,
    }
    if "email_verified" in claims:
        claims["email_verified"] = claims["email_verified"] == "true"
    return claims | _groups(account)


def id_token_client_claims(pool: UserPool) -> dict[str, Any]:
    """The claims of an ID token that are the same for everybody."""
    return {
        "iss": pool.settings.issuer,
        "aud": pool.settings.client_id,
        "token_use": "id",
        "jti": str(uuid.uuid4()),
        **_times(pool),
    }


def access_token(pool: UserPool, account: Account, sign_in: SignIn, scope: str) -> str:
    """A signed access token. It names its client in `client_id` and has no `aud`, as Cognito's."""
    claims = {
        "sub": account.sub,
        "iss": pool.settings.issuer,
        "version": 2,
        "client_id": pool.settings.client_id,
        "origin_jti": sign_in.origin_jti,
        "token_use": "access",
        "scope": scope,
        "auth_time": sign_in.auth_time,
        "jti": str(uuid.uuid4()),
        "username": account.username,
        **_times(pool),
        **_groups(account),
    }
    return jwt.encode(token_header(pool), claims, pool.keys.private_keys(), [ALGORITHM])


def token_header(pool: UserPool) -> dict[str, Any]:
    return {"kid": pool.keys.signing_kid(), "alg": ALGORITHM}


def _times(pool: UserPool) -> dict[str, int]:
    now = int(pool.settings.now())
    return {"iat": now, "exp": now + pool.settings.token_lifetime}


def _groups(account: Account) -> dict[str, list[str]]:
    return {"cognito:groups": list(account.groups)} if account.groups else {}
