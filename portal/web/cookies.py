"""Signed cookies, with SHA-256; signatures with former keys are still accepted."""

import hashlib

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from portal.settings.configuration import Settings
from portal.web.clock_skew import TolerantSigner

SHA_256 = {"digest_method": hashlib.sha256}
SHA_1 = {"digest_method": hashlib.sha1}
"""The salt of the previous release: its signatures are still accepted, so that an upgrade signs nobody
out."""


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
    # Also accepts forms that were open when the key was changed. The last key signs.
    app.config["WTF_CSRF_SECRET_KEY"] = oldest_first


def marks(settings: Settings, purpose: str) -> URLSafeSerializer:
    """A serializer for signed cookies; the signature does not expire."""
    return URLSafeSerializer(
        list(reversed(settings.secrets)),
        salt=purpose,
        signer_kwargs=SHA_256,
        fallback_signers=[SHA_1],
    )
