"""Signed cookies: with SHA-256, and with the key of before for as long as that is known."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from portal.settings.configuration import Settings
from portal.web.clock_skew import TolerantSigner

SHA_256 = {"digest_method": hashlib.sha256}
SHA_1 = {"digest_method": hashlib.sha1}
"""Of the release before: what it signed is still accepted, so that nobody is signed out by an upgrade."""


class SignedSessions(SecureCookieSessionInterface):
    """Flask's session in a cookie."""

    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = TolerantSigner
            serializer.fallback_signers = [{"key_derivation": self.key_derivation, **SHA_1}]
        return serializer


def install(app: Flask, settings: Settings) -> None:
    app.session_interface = SignedSessions()
    oldest_first = list(reversed(settings.secrets))
    app.config["SECRET_KEY_FALLBACKS"] = oldest_first[:-1]
    # Forms that were open when the key was changed. The last of the keys signs.
    app.config["WTF_CSRF_SECRET_KEY"] = oldest_first


def marks(settings: Settings, purpose: str) -> URLSafeSerializer:
    """Signs what a cookie says for as long as it is kept."""
    return URLSafeSerializer(
        list(reversed(settings.secrets)),
        salt=purpose,
        signer_kwargs=SHA_256,
        fallback_signers=[SHA_1],
    )
