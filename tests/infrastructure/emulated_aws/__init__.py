"""AWS on loopback: moto's server, and beside it one module for each service in which moto falls short.

    python -m tests.infrastructure.emulated_aws [port]

prints its address and serves until it is stopped. Each module here has `fill_gaps()`, called once before the
server starts. Each gap is filled with the answer that AWS documents, so no fault of the playbooks is hidden.
"""

import os
import pkgutil
import sys
from importlib import import_module

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from tests.infrastructure.emulated_aws import misfortunes
from tests.infrastructure.emulated_aws._copies import listen
from tests.infrastructure.emulated_aws._questions import Questions
from tests.infrastructure.emulated_aws._services import before


def fill_gaps() -> None:
    """Calls `fill_gaps` of every module beside this one. Those that begin with _ belong to the server."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            import_module(f"{__name__}.{module.name}").fill_gaps()


def serve(port: int = 0) -> None:
    """Prints the address, then serves until the process ends. Port 0 takes a free one."""
    fill_gaps()
    services = before(DomainDispatcherApplication(create_backend_app))
    aws = Questions(misfortunes.before(services))
    address, serve_forever = listen(aws, port)
    print(address, flush=True)
    if not sys.stdout.isatty():
        # Nobody reads the pipe after the address, and a full pipe would block every request.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    serve_forever()
