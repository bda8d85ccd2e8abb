"""How gunicorn serves the portal: `gunicorn wsgi:app`. Each figure can be set from outside."""

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from gunicorn.glogging import Logger


class AccessLog(Logger):
    """One JSON object a request: never a query, an address or a browser, which can tell who it was."""

    def access(
        self, resp: Any, _req: Any, environ: dict[str, Any], request_time: timedelta
    ) -> None:
        """Called by gunicorn after each answer."""
        entry = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "status": int(str(resp.status).split(maxsplit=1)[0]),
            "bytes": getattr(resp, "sent", 0),
            "milliseconds": round(request_time.total_seconds() * 1000, 1),
        }
        self.access_log.info(json.dumps(entry))


def _figure(name: str, default: int) -> int:
    return int(os.environ.get(name, "").strip() or default)


bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = _figure("GUNICORN_WORKERS", 2)
threads = _figure("GUNICORN_THREADS", 8)
# A load balancer keeps connections for 60 s: it, not gunicorn, is to close an idle one.
keepalive = _figure("GUNICORN_KEEPALIVE_SECONDS", 75)
timeout = _figure("GUNICORN_TIMEOUT_SECONDS", 30)
graceful_timeout = _figure("GUNICORN_GRACEFUL_SECONDS", 25)
# By default every gunicorn of a user opens a control socket at one and the same path.
control_socket = os.environ.get("GUNICORN_CONTROL_SOCKET", "")
control_socket_disable = not control_socket
accesslog = "-"
logger_class = AccessLog
