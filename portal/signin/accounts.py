"""The account of whoever signs in: found by issuer and subject, made at the first sign-in."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.models import Account, role_values
from portal.signin.person import Person
from portal.signin.refusals import DISABLED, SignInRefused

NAMELESS = "Name not known"


def recognise(session: Session, person: Person, *, now: datetime) -> Account:
    """The person's account, with name, e-mail and roles as the provider gives them now.

    Raises `SignInRefused` when the hospital has switched it off.
    """
    account = _refreshed(session, person) or _made(session, person, now)
    if account.disabled_at is not None:
        raise SignInRefused("the account is disabled", DISABLED, 403)
    return account


def _refreshed(session: Session, person: Person) -> Account | None:
    same = (Account.issuer == person.issuer, Account.subject == person.subject)
    values: dict[str, Any] = {"email": person.email, "role_values": role_values(person.roles)}
    if person.name or person.email:
        values["name"] = person.name or person.email
    if person.username:
        values["username"] = person.username
    session.execute(
        update(Account).where(*same).values(values).execution_options(synchronize_session=False)
    )
    return session.scalars(
        select(Account).where(*same).execution_options(populate_existing=True)
    ).one_or_none()


def _made(session: Session, person: Person, now: datetime) -> Account:
    account = Account(
        issuer=person.issuer,
        subject=person.subject,
        username=person.username,
        name=person.name or person.email or NAMELESS,
        email=person.email,
        role_values=role_values(person.roles),
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        # Somebody's second tab was first. The unique key has decided.
        first = _refreshed(session, person)
        if first is None:
            raise
        return first
    return account
