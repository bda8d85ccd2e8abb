"""A cookie that marks browsers in which somebody has signed in before, without saying who."""

import secrets
from datetime import timedelta

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from portal.web import current
from portal.web.cookies import marks

KEPT = timedelta(days=365)


def known_browser() -> str | None:
    """The browser's mark, or None."""
    try:
        return str(_signer().loads(request.cookies.get(name(), "")))
    except BadSignature:
        return None


def know_browser(answer: Response) -> None:
    """Sets the mark in the browser, or renews it for another year."""
    answer.set_cookie(
        name(),
        str(_signer().dumps(known_browser() or secrets.token_hex(16))),
        max_age=KEPT,
        secure=current.settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def name() -> str:
    """The cookie's name. With its prefix browsers take it only over HTTPS and from this host."""
    return "__Host-browser" if current.settings().secure_cookies else "browser"


def _signer() -> URLSafeSerializer:
    return marks(current.settings(), "browser")
