"""The user pool: everything that the pages, the tokens and the administrators' API share."""

from flask import Flask, current_app

from portal.development.cognito.accounts import Accounts
from portal.development.cognito.keys import SigningKeys
from portal.development.cognito.settings import DevelopmentCognitoSettings
from portal.development.cognito.sign_ins import Issued, RefreshTokens
from portal.development.cognito.state import KeptState

EXTENSION = "development_cognito"


class UserPool:
    """One user pool with its one client, the portal."""

    def __init__(self, settings: DevelopmentCognitoSettings, state: KeptState) -> None:
        self.settings = settings
        self.accounts = Accounts(state, settings.now)
        self.offered_keys: dict[str, str] = {}
        """Keys of apps that nobody has verified yet, by `sub`."""
        self.issued = Issued(settings.now, remember_for=settings.token_lifetime)
        self.refresh_tokens = RefreshTokens(
            state, settings.now, lifetime=settings.refresh_token_lifetime
        )
        self.keys = SigningKeys(
            state,
            settings.now,
            rotate_after=settings.rotate_keys_after,
            publish_for=2 * settings.token_lifetime,
        )

    def revoke_tokens_of(self, sub: str) -> None:
        self.issued.revoke_tokens_of(sub)
        self.refresh_tokens.revoke_of(sub)

    def attach(self, app: Flask) -> None:
        app.extensions[EXTENSION] = self


def current_pool() -> UserPool:
    """The pool of the current application."""
    pool: UserPool = current_app.extensions[EXTENSION]
    return pool
