"""The message of `make run` once everything answers: the address, and the people to sign in as."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from portal.development.cognito.people import NAMED_PEOPLE
from portal.development.demonstration import places, zones
from portal.development.demonstration.surroundings import Surroundings, scanner_of_this_machine

LINE = "─" * 78


def text(surroundings: Surroundings, code: str | None) -> str:
    """`code` is the one-time code of the person who has an account but no record."""
    people = "\n".join(
        f"  {person.name:<18} {person.role:<19} {person.sentence}" for person in NAMED_PEOPLE
    )
    if code:
        people += f"\n\nCallum's one-time code is {code}, his date of birth 2 June 1997."
    scanner = scanner_of_this_machine() or (
        "none runs on this machine, so files that you send wait"
        " (clamav-daemon starts once freshclam has fetched signatures)"
    )
    flask = Path(sys.executable).with_name("flask")
    return f"""
{LINE}
MediCare Hub is open:  {surroundings.portal_url}

Sign in as one of these people (nobody here is real, and no password is asked):

{people}

Time at the hospital:  {zones.sentence(surroundings.zone, datetime.now(UTC), places.DAY[1].hour)}
Emails that it sends: {surroundings.log("worker")}
Virus scanner:         {scanner}
Its data and logs:     {surroundings.folder}
Take in FHIR bundles:  {flask} --env-file {surroundings.environment_file} --app wsgi fhir import PATH
Stop it:               Ctrl-C
{LINE}"""
