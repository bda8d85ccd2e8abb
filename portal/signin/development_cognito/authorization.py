"""Authlib's authorization server, set up as strictly as the portal's client must stand."""

from dataclasses import dataclass
from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator, BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from flask import Flask, current_app
from joserfc.jwk import KeySet

from portal.signin.development_cognito import claims
from portal.signin.development_cognito.accounts import Account
from portal.signin.development_cognito.client import PortalClient
from portal.signin.development_cognito.pool import UserPool
from portal.signin.development_cognito.sign_ins import (
    AccessToken,
    AuthorizationCode,
    SignIn,
)

SERVER = "development_cognito.authorization_server"
PROTECTOR = "development_cognito.token_protector"


@dataclass(frozen=True)
class SignedIn:
    """A person of the pool together with how and when they signed in."""

    account: Account
    sign_in: SignIn


class S256CodeChallenge(CodeChallenge):
    """PKCE for every client, with S256 alone: no challenge or a plain one is refused."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        # Authlib lets a request without both pass; with a method, it insists on the challenge.
        if not grant.request.payload.data.get("code_challenge_method"):
            raise InvalidRequestError("Missing 'code_challenge_method'")


class CognitoIdToken(OpenIDCode):
    """ID tokens with Cognito's claims. A nonce is required."""

    def __init__(self, pool: UserPool) -> None:
        super().__init__(require_nonce=True)
        self.pool = pool

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        """Cognito leaves it to the client to notice a nonce that comes back."""
        return False

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


class CognitoCodeGrant(AuthorizationCodeGrant):
    """Authorization codes out of the pool's memory."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post"]

    @property
    def pool(self) -> UserPool:
        pool: UserPool = self.server.pool
        return pool

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        self.pool.issued.add_code(
            AuthorizationCode(
                code=code,
                redirect_uri=request.payload.redirect_uri,
                scope=request.scope,
                nonce=data.get("nonce"),
                code_challenge=data["code_challenge"],
                code_challenge_method=data["code_challenge_method"],
                sign_in=request.user.sign_in,
                expires=self.pool.settings.now() + self.pool.settings.code_lifetime,
            )
        )

    def query_authorization_code(
        self, code: str, _client: PortalClient
    ) -> AuthorizationCode | None:
        return self.pool.issued.take_code(code)

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        """Nothing is left to delete: asking for a code has taken it."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> SignedIn | None:
        account = self.pool.accounts.find(authorization_code.sign_in.sub)
        if not account or not account.enabled:
            return None
        return SignedIn(account, authorization_code.sign_in)


class CognitoAuthorizationServer(AuthorizationServer):
    """The authorization server of one user pool."""

    def __init__(self, pool: UserPool) -> None:
        super().__init__()
        self.pool = pool
        self._client = PortalClient(pool.settings)
        self.register_token_generator(
            "default",
            BearerTokenGenerator(
                self._access_token, expires_generator=pool.settings.token_lifetime
            ),
        )
        extensions = [S256CodeChallenge(required=True), CognitoIdToken(pool)]
        self.register_grant(CognitoCodeGrant, extensions)

    def query_client(self, client_id: str) -> PortalClient | None:
        return self._client if client_id == self._client.client_id else None

    def get_consent_grant(self, request: Any = None, end_user: SignedIn | None = None) -> Any:
        """As Authlib's. It quotes what it was sent in its errors, and raises ValueError itself
        where that has characters which an error must not have."""
        try:
            return super().get_consent_grant(request, end_user)
        except ValueError:
            raise InvalidRequestError("The request has characters that are not allowed.") from None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        settings = self.pool.settings
        self.pool.issued.add_token(
            AccessToken(
                token=token["access_token"],
                code=request.authorization_code.code,
                sub=request.user.account.sub,
                scope=token["scope"],
                expires=settings.now() + settings.token_lifetime,
                now=settings.now,
            )
        )

    def _access_token(self, *, user: SignedIn, scope: str, **_: Any) -> str:
        return claims.access_token(self.pool, user.account, user.sign_in, scope)


class IssuedTokenValidator(BearerTokenValidator):
    """Accepts access tokens that this pool issued and has not revoked."""

    def __init__(self, pool: UserPool) -> None:
        super().__init__()
        self._pool = pool

    def authenticate_token(self, token_string: str) -> AccessToken | None:
        return self._pool.issued.token(token_string)


def attach_authorization_server(app: Flask, pool: UserPool) -> None:
    protector = ResourceProtector()
    protector.register_token_validator(IssuedTokenValidator(pool))
    app.extensions[SERVER] = CognitoAuthorizationServer(pool)
    app.extensions[PROTECTOR] = protector


def authorization_server() -> CognitoAuthorizationServer:
    server: CognitoAuthorizationServer = current_app.extensions[SERVER]
    return server


def token_protector() -> ResourceProtector:
    """What guards the userInfo endpoint."""
    return current_app.extensions[PROTECTOR]
