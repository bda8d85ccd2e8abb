"""The second step at sign-in: whether a person has one, and setting it up.

Only for Cognito; other providers have their own pages for it.
"""

from typing import cast

from flask import Flask, current_app

from portal.settings.configuration import Settings
from portal.signin.second_step.software_token import SoftwareTokens

TOKENS = "software_tokens"


def install(app: Flask, settings: Settings) -> None:
    tokens = None
    if settings.sign_in.cognito and settings.user_pool_id:
        tokens = SoftwareTokens(settings.user_pool_id, settings.user_pool_endpoint)
    app.extensions[TOKENS] = tokens
    app.jinja_env.globals["has_second_step"] = tokens is not None


def tokens_here() -> SoftwareTokens | None:
    """None if the portal does not manage the second step."""
    return cast("SoftwareTokens | None", current_app.extensions[TOKENS])
