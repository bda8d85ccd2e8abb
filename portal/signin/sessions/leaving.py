"""Signing out during an outage of the database: noted on the shared file system, done later by the worker.

The browser's cookie is cleared at once. A copy of the cookie would work until the worker has read the note or
the session expires.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace

from cryptography.fernet import InvalidToken
from sqlalchemy import select

from portal.access import Deed
from portal.accounts import sessions
from portal.context import Contexts
from portal.models import Account, SignInSession
from portal.settings import keys
from portal.shared_files import Missing, SharedFiles
from portal.signin import own_account

FOLDER, PURPOSE = "sign-outs", "sign-outs while the database is away"


def note(store: SharedFiles, token: str, known_secrets: Sequence[str]) -> None:
    """Notes that the session must end; raises `Unavailable` when the shared file system is unavailable
    too."""
    value = json.dumps({"token_hash": SignInSession.hash_of(token)})
    sealed = keys.fernet(known_secrets, PURPOSE).encrypt(value.encode())
    store.put(f"{FOLDER}/{secrets.token_hex(16)}", sealed)


def take_in(contexts: Contexts, *, store: SharedFiles, known_secrets: Sequence[str]) -> bool:
    """Ends the sessions of all notes. Safe to repeat after a crash."""
    for name in store.names(FOLDER):
        try:
            value = json.loads(keys.fernet(known_secrets, PURPOSE).decrypt(store.get(name)))
        except (Missing, InvalidToken):
            pass
        else:
            _end(contexts, value["token_hash"])
        store.discard(name)
    return False


def _end(contexts: Contexts, token_hash: str) -> None:
    with contexts.begin() as context:
        found = context.session.execute(
            select(Account, SignInSession.ref)
            .join(SignInSession, SignInSession.account_id == Account.id)
            .where(SignInSession.token_hash == token_hash)
        ).one_or_none()
        if found is None:
            return
        account, ref = found
        theirs = replace(context, by=account.actor(ref))
        if sessions.end(context.session, account.id, context.now, ref=ref):
            own_account.remember(theirs, Deed.SIGN_OUT)
