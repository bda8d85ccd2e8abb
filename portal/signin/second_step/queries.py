"""Whether a person has a second step, according to the provider."""

from portal.access import STAFF
from portal.context import Context
from portal.errors import Unavailable
from portal.models import Account
from portal.signin import own_account
from portal.signin.provider.person import Person
from portal.signin.provider.refusals import SECOND_STEP_UNKNOWN, SignInRefused
from portal.signin.second_step.software_token import SoftwareTokens


def lacks_second_step(tokens: SoftwareTokens | None, person: Person) -> bool:
    """Whether a member of staff who signs in lacks a second step. Raises `SignInRefused` when unknown."""
    if tokens is None or not person.roles & STAFF:
        return False
    try:
        return not tokens.is_set_up(person.username or person.subject)
    except Unavailable:
        raise SignInRefused(
            "the provider did not say whether there is a second step", SECOND_STEP_UNKNOWN, 503
        ) from None


def is_set_up(context: Context, tokens: SoftwareTokens) -> bool:
    account = own_account_of(context)
    return tokens.is_set_up(account.username or account.subject)


def own_account_of(context: Context) -> Account:
    return context.session.get_one(Account, own_account.account_id(context))
