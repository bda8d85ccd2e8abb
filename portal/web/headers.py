"""Security headers on every answer, with a strict Content-Security-Policy without `unsafe-*`.

From OWASP's HTTP Headers Cheat Sheet. Without Flask-Talisman: it would need the same policy as
options, and redirects to HTTPS, which the load balancer does.
"""

import secrets
from collections.abc import Mapping

from flask import Flask, g, request
from werkzeug.wrappers import Response

from portal.settings.configuration import Settings
from portal.web.assets import FINGERPRINTS

YEAR = 31_536_000


def install(app: Flask, settings: Settings) -> None:
    def content_security_policy() -> str:
        return (
            "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; connect-src 'self';"
            " img-src 'self'; font-src 'self'; manifest-src 'self'; style-src 'self'; worker-src 'self';"
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
            headers["Cache-Control"] = _kept(response, app.extensions[FINGERPRINTS])
        else:
            headers.setdefault("Cache-Control", "no-store")
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce


def _kept(response: Response, fingerprints: Mapping[str, str]) -> str:
    """How long browsers may keep a static file: a year, if it is exactly the one that they asked for.

    While releases change, an instance may be asked for a file of the other release. What it has
    under that name, or that it has none, must not stay in a cache.
    """
    if response.status_code >= 400:
        return "no-store"
    name = (request.view_args or {}).get("filename", "")
    asked = request.args.get("v")
    if asked is not None and asked == fingerprints.get(name):
        return f"public, max-age={YEAR}, immutable"
    return "no-cache"


def csp_nonce() -> str:
    """This request's nonce for inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)
