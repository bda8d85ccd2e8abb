"""One line a request, with its metrics: which route, never a path, query, address or browser.

gunicorn writes it, because gunicorn alone knows when the last byte has left.
"""

import logging
from datetime import timedelta
from typing import Any

from flask import Flask, request
from gunicorn.glogging import Logger

from portal.measures import REQUEST, measured

log = logging.getLogger(__name__)

_ROUTE = "portal.route"
_MEASURED = "portal.measured"
NO_ROUTE = "(none)"
UNMEASURED = frozenset({"static", "health.live", "health.ready"})
"""Endpoints that would drown what people feel."""


def install(app: Flask) -> None:
    """Lets gunicorn know the route of each request."""

    @app.before_request
    def note_the_route() -> None:
        rule = request.url_rule
        request.environ[_ROUTE] = rule.rule if rule else NO_ROUTE
        request.environ[_MEASURED] = request.endpoint not in UNMEASURED


class RequestLog(Logger):
    """gunicorn's logger, with lines of ours and without what may tell of a person."""

    def access(
        self, resp: Any, _req: Any, environ: dict[str, Any], request_time: timedelta
    ) -> None:
        """Called by gunicorn after each answer."""
        status = int(str(resp.status).split(maxsplit=1)[0])
        facts = {
            "Route": environ.get(_ROUTE, NO_ROUTE),
            "method": environ["REQUEST_METHOD"],
            "status": status,
            "bytes": getattr(resp, "sent", 0),
            "RequestLatency": round(request_time.total_seconds() * 1000, 1),
        }
        if environ.get(_MEASURED, True):
            measured(REQUEST, ServerErrors=int(status >= 500), **facts)
        else:
            log.info("request", extra={"facts": facts})

    def warning(self, msg: str, *args: Any, **options: Any) -> None:
        """What can't be read as HTTP is quoted by gunicorn, with the address that it came from."""
        if msg.startswith("Invalid request"):
            msg, args = "a request could not be read", ()
        super().warning(msg, *args, **options)

    def exception(self, msg: str, *_args: Any, **options: Any) -> None:
        """gunicorn's arguments are the request's address, with its query."""
        super().exception(str(msg).partition(" %s")[0], **options)
