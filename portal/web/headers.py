"""Security headers on every answer; a strict Content-Security-Policy without `unsafe-*`.

After OWASP's HTTP Headers Cheat Sheet.
"""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from portal.config import Settings

YEAR = 31_536_000


def install(app: Flask, settings: Settings) -> None:
    def content_security_policy() -> str:
        return (
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self';"
            " img-src 'self'; font-src 'self'; manifest-src 'self'; style-src 'self';"
            f" script-src 'self' 'nonce-{csp_nonce()}'; form-action 'self'"
        )

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", content_security_policy())
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()"
        if settings.secure_cookies:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.endpoint == "static":
            fingerprinted = "v" in request.args
            headers["Cache-Control"] = (
                f"public, max-age={YEAR}, immutable" if fingerprinted else "no-cache"
            )
        else:
            headers.setdefault("Cache-Control", "no-store")
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """This request's nonce for inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)
