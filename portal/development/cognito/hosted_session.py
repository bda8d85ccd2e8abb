"""The session of the hosted pages: for an hour, people who signed in do not have to do so again."""

import uuid
from dataclasses import asdict

from flask import session

from portal.development.cognito.accounts import Account
from portal.development.cognito.id_tokens import SignedIn
from portal.development.cognito.pool import UserPool
from portal.development.cognito.sign_ins import SignIn


def begin_session(pool: UserPool, account: Account) -> SignedIn:
    sign_in = SignIn(account.sub, int(pool.settings.now()), str(uuid.uuid4()))
    session.clear()
    session["sign_in"] = asdict(sign_in)
    return SignedIn(account, sign_in)


def signed_in_person(pool: UserPool) -> SignedIn | None:
    """Who is signed in here, unless their hour is over or their account is disabled."""
    if "sign_in" not in session:
        return None
    sign_in = SignIn(**session["sign_in"])
    account = pool.accounts.find(sign_in.sub)
    over = sign_in.auth_time + pool.settings.hosted_session_lifetime <= pool.settings.now()
    return None if over or not account or not account.enabled else SignedIn(account, sign_in)


def end_session() -> None:
    session.clear()
