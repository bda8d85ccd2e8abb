"""Limits the provider to this machine, and keeps out pages of other sites."""

import secrets

from flask import Flask, Response, abort, g, request

from portal.development.cognito.settings import DevelopmentCognitoSettings, is_loopback


def guard(app: Flask, settings: DevelopmentCognitoSettings) -> None:
    """Refuse what does not come from this machine, and send strict headers with every answer."""
    # Refuse a foreign name that resolves to this machine too, or pages of another site could read
    # what is here.
    app.config["TRUSTED_HOSTS"] = [settings.host, "localhost"]
    returns_to = " ".join(sorted({_origin(url) for url in settings.callback_urls}))
    app.before_request(_refuse_strangers)
    app.context_processor(lambda: {"cspNonce": g.csp_nonce})

    @app.after_request
    def send_headers(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'self'; img-src 'self'; "
            f"script-src 'nonce-{g.csp_nonce}'; base-uri 'none'; frame-ancestors 'none'; "
            # Browsers apply this list to the redirect after a form too.
            f"form-action 'self' {returns_to}"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _refuse_strangers() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)
    if not is_loopback(request.remote_addr or ""):
        abort(403, "The development sign-in answers on this machine only.")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.method == "POST" and site not in ("none", "same-origin"):
        abort(403, "A page of another site may not act here.")


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])
