"""`flask --app wsgi audit verify`: is the audit trail as it was written?"""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.database import db
from portal.seal_checks import check
from portal.seals import key_from

commands = AppGroup("audit", help="The audit trail.")


@commands.command("verify")
def verify() -> None:
    """Look at every seal again; name the first break, and end with status 1 if there is one."""
    key = key_from(current_app.extensions["settings"].audit_secret)
    verdict = check(db.session(), key, datetime.now(UTC))
    click.echo(
        f"{verdict.seals} good seals over {verdict.sealed} entries;"
        f" {verdict.unsealed} entries without one."
    )
    if verdict.seals:
        click.echo(f"Newest digest: {verdict.newest}. The worker's log names it too.")
    if verdict.fault:
        raise click.ClickException(f"The audit trail is broken. {verdict.fault}")
    click.echo("The audit trail is as it was written.")
