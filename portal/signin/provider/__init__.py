"""Signing in at the OpenID provider."""

from typing import cast

from flask import Flask, current_app

from portal.settings.configuration import Settings
from portal.signin.provider.client import Provider

CALLBACK = "/sign-in/callback"
PROVIDER = "sign_in_provider"


def install(app: Flask, settings: Settings) -> None:
    app.extensions[PROVIDER] = Provider(
        settings.sign_in, callback_url=settings.portal_url + CALLBACK
    )


def provider_here() -> Provider:
    return cast("Provider", current_app.extensions[PROVIDER])
