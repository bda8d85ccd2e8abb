"""gunicorn's configuration: `gunicorn wsgi:app`. Each number can be set in the environment."""

import mmap
import os
import signal
from types import FrameType
from typing import Any

from portal.telemetry import logs
from portal.web.request_log import RequestLog


def _figure(name: str, default: int) -> int:
    return int(os.environ.get(name, "").strip() or default)


bind = os.environ.get("GUNICORN_BIND", "127.0.0.1:8000")
worker_class = "portal.web.request_threads.RequestThreads"
workers = _figure("GUNICORN_WORKERS", 2)
threads = _figure("GUNICORN_THREADS", 8)
# A load balancer keeps idle connections for 60 s. It must close them, not gunicorn.
keepalive = _figure("GUNICORN_KEEPALIVE_SECONDS", 75)
timeout = _figure("GUNICORN_TIMEOUT_SECONDS", 30)
graceful_timeout = _figure("GUNICORN_GRACEFUL_SECONDS", 25)
# By default all gunicorns of a user open their control socket at the same path.
control_socket = os.environ.get("GUNICORN_CONTROL_SOCKET", "")
control_socket_disable = not control_socket
logger_class = RequestLog
logconfig_dict = logs.configuration(os.environ)

_production = os.environ.get("PORTAL_ENVIRONMENT", "").strip() != "development"
# Longer than a load balancer needs to notice: it checks every 5 s and acts on the second failure.
_drain_seconds = _figure("GUNICORN_DRAIN_SECONDS", 15 if _production else 0)
_leaving = mmap.mmap(-1, 1)  # one byte that master and workers share


def when_ready(_server: Any) -> None:
    """On the first SIGTERM the instance reports that it is stopping, and keeps serving for a while.

    By default gunicorn stops accepting connections at once, before the load balancer stops sending requests.
    """
    stop: Any = signal.getsignal(signal.SIGTERM)

    def leave(number: int, frame: FrameType | None) -> None:
        if _leaving[0] or not _drain_seconds:
            stop(number, frame)
            return
        _leaving[0] = 1
        signal.signal(signal.SIGALRM, lambda *_: stop(signal.SIGTERM, None))
        signal.alarm(_drain_seconds)

    signal.signal(signal.SIGTERM, leave)


def post_worker_init(_worker: Any) -> None:
    """The worker's /health/live reads the byte."""
    from portal.web import health

    health.leaving.flag = _leaving
