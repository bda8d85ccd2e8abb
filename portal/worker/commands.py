"""`flask --app wsgi worker`: the same as `python -m portal.worker`."""

import os

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.telemetry import logs
from portal.worker.process import run


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the portal's work in the background, until SIGTERM or Ctrl-C."""
    logs.begin(os.environ)
    run(current_app._get_current_object())  # type: ignore[attr-defined]
