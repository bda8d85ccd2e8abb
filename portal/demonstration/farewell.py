"""What `make run` says once everything answers: where to go, and as whom."""

from portal.demonstration.surroundings import Surroundings
from portal.signin.development_cognito.people import NAMED_PEOPLE

LINE = "─" * 78


def text(surroundings: Surroundings) -> str:
    people = "\n".join(
        f"  {person.name:<18} {person.role:<19} {person.sentence}" for person in NAMED_PEOPLE
    )
    return f"""
{LINE}
MediCare Hub is open:  {surroundings.portal_url}

Sign in as one of these people (nobody here is real, and no password is asked):

{people}

Its data and logs:     {surroundings.folder}
Stop it:               Ctrl-C
{LINE}"""
