"""Authlib's authorization server, as strict as the portal's client needs it."""

from typing import Any, ClassVar

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector
from authlib.oauth2.rfc6749 import InvalidRequestError
from authlib.oauth2.rfc6749.errors import InvalidGrantError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc6750 import BearerTokenGenerator, BearerTokenValidator
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, current_app

from portal.development.cognito import claims
from portal.development.cognito.client import PortalClient
from portal.development.cognito.id_tokens import FirstIdToken, LaterIdToken, SignedIn
from portal.development.cognito.pool import UserPool
from portal.development.cognito.sign_ins import (
    AccessToken,
    AuthorizationCode,
    RefreshToken,
)

SERVER = "development_cognito.authorization_server"
PROTECTOR = "development_cognito.token_protector"


class S256CodeChallenge(CodeChallenge):
    """PKCE for every client, with S256 alone: no challenge or a plain one is refused."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        super().validate_code_challenge(grant, redirect_uri)
        # Authlib accepts a request with neither of the two. With a method, it requires the
        # challenge.
        if not grant.request.payload.data.get("code_challenge_method"):
            raise InvalidRequestError("Missing 'code_challenge_method'")


class CognitoCodeGrant(AuthorizationCodeGrant):
    """Authorization codes from the pool's memory."""

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
        """Nothing is left to delete: looking a code up has taken it."""

    def authenticate_user(self, authorization_code: AuthorizationCode) -> SignedIn | None:
        account = self.pool.accounts.find(authorization_code.sign_in.sub)
        if not account or not account.enabled:
            return None
        return SignedIn(account, authorization_code.sign_in)


class CognitoRefreshGrant(RefreshTokenGrant):
    """Refresh tokens, which stay valid when they are used, as in a pool without rotation."""

    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar = ["client_secret_basic", "client_secret_post"]

    def authenticate_refresh_token(self, refresh_token: str) -> RefreshToken | None:
        found: RefreshToken | None = self.server.pool.refresh_tokens.find(refresh_token)
        return found

    def authenticate_user(self, refresh_token: RefreshToken) -> SignedIn:
        account = self.server.pool.accounts.find(refresh_token.sign_in.sub)
        if not account or not account.enabled:
            raise InvalidGrantError("The user is disabled or gone.")
        return SignedIn(account, refresh_token.sign_in)

    def revoke_old_credential(self, refresh_token: RefreshToken) -> None:
        """It stays valid."""


class CognitoAuthorizationServer(AuthorizationServer):
    """The authorization server of one user pool."""

    def __init__(self, pool: UserPool) -> None:
        super().__init__()
        self.pool = pool
        self._client = PortalClient(pool.settings)
        self.register_token_generator(
            "default",
            BearerTokenGenerator(
                self._access_token,
                self._refresh_token,
                expires_generator=pool.settings.token_lifetime,
            ),
        )
        extensions = [S256CodeChallenge(required=True), FirstIdToken(pool)]
        self.register_grant(CognitoCodeGrant, extensions)
        self.register_grant(CognitoRefreshGrant, [LaterIdToken(pool)])

    def query_client(self, client_id: str) -> PortalClient | None:
        return self._client if client_id == self._client.client_id else None

    def get_consent_grant(self, request: Any = None, end_user: SignedIn | None = None) -> Any:
        """As Authlib's, which quotes the request in its errors, and itself raises ValueError when
        that has characters that are not allowed in an error.
        """
        try:
            return super().get_consent_grant(request, end_user)
        except ValueError:
            raise InvalidRequestError("The request has characters that are not allowed.") from None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        settings = self.pool.settings
        self.pool.issued.add_token(
            AccessToken(
                token=token["access_token"],
                code=code.code if (code := request.authorization_code) else "",
                sub=request.user.account.sub,
                scope=token["scope"],
                expires=settings.now() + settings.token_lifetime,
                now=settings.now,
            )
        )

    def _access_token(self, *, user: SignedIn, scope: str, **_: Any) -> str:
        return claims.access_token(self.pool, user.account, user.sign_in, scope)

    def _refresh_token(self, *, user: SignedIn, scope: str, **_: Any) -> str:
        return self.pool.refresh_tokens.add(user.sign_in, scope)


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
    """Protects the userInfo endpoint."""
    return current_app.extensions[PROTECTOR]
