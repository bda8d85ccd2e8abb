"""The portal as an app client of the user pool, with a secret."""

import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from portal.development.cognito.claims import ADMIN_SCOPE, SCOPES
from portal.development.cognito.settings import DevelopmentCognitoSettings


class PortalClient(ClientMixin):
    """The pool's one app client."""

    def __init__(self, settings: DevelopmentCognitoSettings) -> None:
        self.client_id = settings.client_id
        self._secret = settings.client_secret
        self._callback_urls = settings.callback_urls

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """Cognito's authorize endpoint takes no request without a `redirect_uri`."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The requested scopes; all scopes when none is named; None when one is unknown."""
        allowed = [*SCOPES, ADMIN_SCOPE]
        if not scope:
            return " ".join(allowed)
        return scope if set(allowed) >= set(scope.split()) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self._callback_urls

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret.encode(), self._secret.encode())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method in ("client_secret_basic", "client_secret_post")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in ("authorization_code", "refresh_token")
