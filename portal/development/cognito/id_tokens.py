"""ID tokens with Cognito's claims: the first, for a code, and those that come for a refresh token."""

from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import OpenIDCode, OpenIDToken
from joserfc.jwk import KeySet

from portal.development.cognito import claims
from portal.development.cognito.accounts import Account
from portal.development.cognito.client import PortalClient
from portal.development.cognito.pool import UserPool
from portal.development.cognito.sign_ins import SignIn


@dataclass(frozen=True)
class SignedIn:
    """A person of the pool, with how and when they signed in."""

    account: Account
    sign_in: SignIn


class CognitoClaims(OpenIDToken):
    """ID tokens with Cognito's claims."""

    pool: UserPool

    def get_client_algorithm(self, _client: PortalClient) -> str:
        return claims.ALGORITHM

    def get_encode_header(self, _client: PortalClient) -> dict[str, Any]:
        return claims.token_header(self.pool)

    def resolve_client_private_key(self, _client: PortalClient) -> KeySet:
        return self.pool.keys.private_keys()

    def get_client_claims(self, _client: PortalClient) -> dict[str, Any]:
        return claims.id_token_client_claims(self.pool)

    def generate_user_info(self, user: SignedIn, scope: str) -> dict[str, Any]:
        return claims.id_token_user_claims(user.account, user.sign_in, scope)


class FirstIdToken(CognitoClaims, OpenIDCode):
    """For a code. A nonce is required."""

    def __init__(self, pool: UserPool) -> None:
        super().__init__(require_nonce=True)
        self.pool = pool

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        """Cognito does not check whether a nonce is used twice; the client must."""
        return False


class LaterIdToken(CognitoClaims):
    """For a refresh token: with the groups and attributes of this moment, and without a nonce."""

    def __init__(self, pool: UserPool) -> None:
        self.pool = pool

    def generate_user_info(self, user: SignedIn, scope: str) -> dict[str, Any]:
        claims_ = super().generate_user_info(user, scope)
        return {**claims_, "auth_time": user.sign_in.auth_time}
