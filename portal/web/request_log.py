"""One log line per request, with its metrics: the route, but never a path, query, address or browser.
gunicorn writes it, because only gunicorn knows when the last byte was sent.
"""

import logging
import re
from datetime import timedelta
from typing import Any

from flask import Flask, request
from gunicorn.glogging import Logger

from portal.telemetry.measures import REQUEST, measured

log = logging.getLogger(__name__)

_ROUTE = "portal.route"
_MEASURED = "portal.measured"
NO_ROUTE = "(none)"
_ID = re.compile("[0-9a-f]{32}")
"""The format of nginx's request ids. nginx replaces what a browser sent, but there may be no nginx."""
UNMEASURED = frozenset({"static", "health.live", "health.ready"})
"""Endpoints that people do not wait for; their times would distort the metric."""


def install(app: Flask) -> None:
    """Passes the route of each request to gunicorn."""

    @app.before_request
    def note_the_route() -> None:
        rule = request.url_rule
        request.environ[_ROUTE] = rule.rule if rule else NO_ROUTE
        request.environ[_MEASURED] = request.endpoint not in UNMEASURED


def _id_of(environ: dict[str, Any]) -> dict[str, str]:
    """The id that is also in the proxy's log line and in the response header."""
    told = environ.get("HTTP_X_REQUEST_ID", "")
    return {"RequestId": told} if _ID.fullmatch(told) else {}


class RequestLog(Logger):
    """gunicorn's logger with our own log lines, which contain nothing about a person."""

    def access(
        self, resp: Any, _req: Any, environ: dict[str, Any], request_time: timedelta
    ) -> None:
        """gunicorn calls this after each response."""
        status = int(str(resp.status).split(maxsplit=1)[0])
        facts = {
            "Route": environ.get(_ROUTE, NO_ROUTE),
            "method": environ["REQUEST_METHOD"],
            "status": status,
            "bytes": getattr(resp, "sent", 0),
            **_id_of(environ),
            "RequestLatency": round(request_time.total_seconds() * 1000, 1),
        }
        if environ.get(_MEASURED, True):
            measured(REQUEST, ServerErrors=int(status >= 500), **facts)
        else:
            log.info("request", extra={"facts": facts})

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        """Replaces gunicorn's line, which quotes the bytes of an invalid request and its address."""
        if msg.startswith("Invalid request"):
            msg, args = "a request could not be read", ()
        super().warning(msg, *args, **options)

    def exception(self, msg: str, *_args: Any, **options: Any) -> None:
        """Logs without gunicorn's arguments, which contain the request's address and query."""
        super().exception(str(msg).partition(" %s")[0], **options)
