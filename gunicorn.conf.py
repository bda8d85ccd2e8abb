"""How gunicorn serves the portal: `gunicorn wsgi:app`. Each figure can be set from outside."""

import os

from portal import logs
from portal.web.request_log import RequestLog


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
logger_class = RequestLog
logconfig_dict = logs.configuration(os.environ)
