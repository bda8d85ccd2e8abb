"""`flask record load-problem-codes`: loads the codes that problems can have."""

import click
from flask.cli import AppGroup
from tqdm import tqdm

from portal.database import db
from portal.records.conditions import codes
from portal.records.conditions.icd_10_cm import all_codes

commands = AppGroup("record", help="The clinical record.")


@commands.command("load-problem-codes")
def load_problem_codes() -> None:
    """Load ICD-10-CM. Run it once, and after each new edition."""
    count = codes.load(db.session(), tqdm(all_codes(), desc="Problem codes", unit=" codes"))
    db.session.commit()
    click.echo(f"{count} codes are loaded.")
