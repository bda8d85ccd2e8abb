"""`flask --app wsgi audit verify`: is the audit trail as it was written?"""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.audit.checks import check
from portal.audit.seals import key_from
from portal.database import db

commands = AppGroup("audit", help="The audit trail.")


@commands.command("verify")
def verify() -> None:
    """Check every seal. Names the first break and exits with status 1 if there is one."""
    key = key_from(current_app.extensions["settings"].audit_secret)
    verdict = check(db.session(), key, datetime.now(UTC))
    click.echo(
        f"{verdict.seals} valid seals over {verdict.sealed} entries;"
        f" {verdict.unsealed} entries without one."
    )
    if verdict.seals:
        click.echo(f"Newest digest: {verdict.newest}. The worker's log names it too.")
    if verdict.fault:
        raise click.ClickException(f"The audit trail is broken. {verdict.fault}")
    click.echo("The audit trail is as it was written.")
