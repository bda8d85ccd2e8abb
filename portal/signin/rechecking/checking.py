"""Rechecking staff: the request to the provider is made between two short transactions."""

import logging
from collections.abc import Sequence

from portal.context import Contexts
from portal.signin.provider.client import Provider
from portal.signin.provider.refusals import NoLongerValid, ProviderAway, SignInRefused
from portal.signin.rechecking import actions, queries, tokens
from portal.signin.rechecking.queries import Due
from portal.signin.rechecking.rules import AT_ONCE

log = logging.getLogger("portal.signin")


def recheck_some(contexts: Contexts, *, provider: Provider, secrets: Sequence[str]) -> bool:
    """Rechecks sessions that are due; returns whether there may be more.

    While the provider is unavailable, nobody is signed out and the sessions stay due.
    """
    with contexts.read() as context:
        found = queries.due(context)
    for due in found:
        with contexts.begin() as context:
            mine = actions.claim(context, due)
        if not mine:
            continue
        try:
            _recheck(contexts, due, provider, secrets)
        except ProviderAway as fault:
            log.warning("staff could not be checked again: %s", fault.reason)
            with contexts.begin() as context:
                actions.give_back(context, due)
            return False
    return len(found) == AT_ONCE


def _recheck(contexts: Contexts, due: Due, provider: Provider, secrets: Sequence[str]) -> None:
    try:
        token = tokens.opened(due.refresh_token, secrets)
        if token is None:
            raise NoLongerValid("the stored refresh token can't be read")
        person, new = provider.ask_again(token, now=int(contexts.now.timestamp()))
    except NoLongerValid as fault:
        log.info("a session of staff was ended: %s", fault.reason)
        with contexts.begin() as context:
            actions.end(context, due, "not known any more")
    except ProviderAway:
        raise
    except SignInRefused as fault:
        # A response that fails the checks says nothing about the person.
        log.error("staff could not be checked again: %s", fault.reason)
    else:
        with contexts.begin() as context:
            actions.keep(context, due, person, tokens.sealed(new.refresh_token, secrets))
